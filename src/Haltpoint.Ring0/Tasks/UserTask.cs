using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Tasks;

/// <summary>A program in user mode: one thread of the kernel, and memory of its own. Who is whose, and the states, are guarded by <see cref="UserTasks.Changes"/>.</summary>
internal unsafe struct UserTask
{
    /// <summary>From 1, never used again.</summary>
    public int Id;

    public UserTaskState State;
    public KernelThread* Thread;
    public AddressSpace Space;

    /// <summary>0 for one whose parent has ended: nobody asks for it.</summary>
    public int Parent;

    /// <summary>0 when nobody traces it.</summary>
    public int Tracer;

    /// <summary>Why it is stopped, or the signal that ended it; 0 when it exited.</summary>
    public int Signal;

    public int ExitStatus;

    /// <summary>Its last change of state has been told to whoever waits.</summary>
    public bool IsReported;

    /// <summary>It ends as soon as it would go on in user mode.</summary>
    public bool IsKilled;

    /// <summary>Its tracer wants one instruction.</summary>
    public bool IsStepping;

    /// <summary>The debug registers as its tracer sees them.</summary>
    public VirtualDebugRegisters Registers;

    /// <summary>They have taken slots.</summary>
    public bool HasRegisters;

    public readonly int ThreadIndex => Thread->Id - 1;
}
