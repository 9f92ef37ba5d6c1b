namespace Haltpoint.Targets;

public enum ResumeKind : byte
{
    Continue,
    Step,

    /// <summary>Step until the program counter leaves [<see cref="ResumeAction.Start"/>, <see cref="ResumeAction.End"/>), reporting only then.</summary>
    StepRange,

    /// <summary>Non-stop only: stop the thread; it reports signal 0.</summary>
    Stop,
}

/// <summary>One clause of <c>vCont</c>.</summary>
public struct ResumeAction
{
    /// <summary>The threads it is for; the leftmost action that covers a thread wins.</summary>
    public ThreadId Threads;
    public ResumeKind Kind;

    /// <summary>Signal to deliver on resuming, in the target's numbers; 0 for none.</summary>
    public int Signal;
    public ulong Start;
    public ulong End;
}
