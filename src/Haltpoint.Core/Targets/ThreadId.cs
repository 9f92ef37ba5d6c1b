namespace Haltpoint.Targets;

/// <summary>A thread of a process, or a CPU of a machine, or a pattern over them.</summary>
/// <remarks>
/// The field's own encoding: -1 is "all", 0 is "any". Process and thread numbers are the operating system's
/// (Linux: tgid and tid). A target without processes uses process 1.
/// </remarks>
public readonly struct ThreadId(int process, int thread)
{
    /// <summary>The number that means "every one".</summary>
    public const int All = -1;

    /// <summary>The number that means "whichever one".</summary>
    public const int Any = 0;

    public int Process => process;

    public int Thread => thread;

    /// <summary>No thread: what a target answers when it has none.</summary>
    public static ThreadId None => new(Any, Any);

    public static ThreadId Everything => new(All, All);

    public bool IsNone => process == Any && thread == Any;

    /// <summary>Names one thread, not a pattern.</summary>
    public bool IsOne => process > 0 && thread > 0;

    /// <summary>Whether the single thread <paramref name="other"/> falls under this pattern.</summary>
    public bool Covers(ThreadId other) =>
        (process is All or Any || process == other.Process) && (thread is All or Any || thread == other.Thread);

    public bool Is(ThreadId other) => process == other.Process && thread == other.Thread;
}
