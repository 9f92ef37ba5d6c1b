namespace Haltpoint.Stopping;

/// <summary>What to do about an exception inside the debugger.</summary>
public enum ReentryAnswer : byte
{
    /// <summary>Another CPU is being answered: ask again.</summary>
    Again,

    /// <summary>The trap is out of memory: execute the instruction that it covered.</summary>
    Retry,

    /// <summary>No breakpoint explains it: the debugger itself is broken.</summary>
    Fatal,
}
