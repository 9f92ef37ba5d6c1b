namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>The arguments of one operation of a call that is many.</summary>
/// <param name="Number">The value of the argument that selects it.</param>
/// <param name="Arguments">All of the call, the selecting one too.</param>
internal readonly record struct CallOperation(ulong Number, params Argument[] Arguments);
