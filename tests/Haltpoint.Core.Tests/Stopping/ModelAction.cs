namespace Haltpoint.Core.Tests.Stopping;

internal enum ModelActionKind : byte
{
    Step,
    StepWithTimeUp,
    Hit,
    EnterByTrap,
    EnterByNmi,
    ComeOnline,
    Die,
    Reenter,
    AskBreakIn,

    // What the debugger does while it serves.
    TakeHit,
    RemoveBreakpoint,
    ChangeDesired,
    HandOver,
    ResumeAll,
    ResumeForStep,
    ResumeStepOthersLinger,
    ResumeStepAlone,
}

/// <summary>One thing that can happen next.</summary>
internal readonly record struct ModelAction(ModelActionKind Kind, int Cpu, int Other = 0)
{
    public override string ToString() => Kind >= ModelActionKind.RemoveBreakpoint ? $"cpu {Cpu}: {Kind} {Other}" : $"cpu {Cpu}: {Kind}";
}
