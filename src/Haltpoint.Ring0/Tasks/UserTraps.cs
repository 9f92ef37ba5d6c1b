using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Debugging;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Shell;

namespace Haltpoint.Ring0.Tasks;

/// <summary>Exceptions of programs: never the kernel's end.</summary>
internal static unsafe class UserTraps
{
    private const ulong PrivilegeMask = 3;
    private const ulong StepBit = 1 << 14;
    private const ulong SlotBits = 0xF;

    public static bool IsUser(InterruptFrame* frame) => (frame->Cs & PrivilegeMask) != 0;

    /// <summary>A debug exception, on the thread's own stack, interrupts off.</summary>
    /// <param name="cpu">Where.</param>
    /// <param name="frame">The registers.</param>
    /// <param name="isEmpty">The processor said nothing: that is its own breakpoint instruction, ICEBP .</param>
    /// <param name="status">What is left of what it said.</param>
    public static void HandleDebug(Cpu* cpu, InterruptFrame* frame, bool isEmpty, DebugStatus status)
    {
        UserTask* task = cpu->Current->Task;
        ulong left = status.Bits;
        bool isHit = Tracing.TakeHits(cpu, frame, task, ref left);
        if ((left & (SlotBits | StepBit)) != 0)
        {
            Debugger.TryHandle(cpu, frame, new DebugStatus(left));
        }

        if (isHit || isEmpty)
        {
            Signal(task, frame, Signals.Trap);
        }

        Leave(task);
    }

    /// <summary>Any other exception but an NMI.</summary>
    public static void Handle(Cpu* cpu, InterruptFrame* frame)
    {
        UserTask* task = cpu->Current->Task;
        if (frame->Vector == Vectors.Breakpoint && Debugger.Traps.StateAt(frame->Rip - 1) != TrapState.None && Debugger.TryHandle(cpu, frame, default))
        {
            return;
        }

        Signal(task, frame, frame->Vector switch
        {
            0 or 16 or 19 => Signals.FloatingPoint,
            Vectors.Debug or Vectors.Breakpoint => Signals.Trap,
            6 => Signals.IllegalInstruction,
            _ => Signals.Segment,
        });
        Leave(task);
    }

    /// <summary>On the way back to user mode.</summary>
    public static void Leave(UserTask* task)
    {
        if (task->IsKilled)
        {
            UserTasks.End(task, 0, Signals.Kill);
        }
    }

    private static void Signal(UserTask* task, InterruptFrame* frame, int signal)
    {
        if (task->Tracer != 0)
        {
            UserTasks.Stop(task, signal);
            return;
        }

        Commands.Print($"{task->Thread->Name} {task->Id}: signal {signal} at {frame->Rip:x}\r\n");
        UserTasks.End(task, 0, signal);
    }
}
