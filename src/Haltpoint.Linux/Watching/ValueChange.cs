namespace Haltpoint.Linux.Watching;

/// <summary>What one hit did to the watched bytes, as far as it could be told.</summary>
internal readonly record struct ValueChange(ulong? Value, ulong? Old, bool IsExact);
