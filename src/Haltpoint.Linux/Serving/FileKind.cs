namespace Haltpoint.Linux.Serving;

/// <summary>What a path names, as far as an address cares.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that may be looked at.</summary>
    None,
    CharacterDevice,
    Pipe,
    Socket,
    Other,
}
