using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Breakpoints;

/// <summary>The debug registers of one CPU. Written by that CPU with interrupts off, and by the debugger while it is stopped.</summary>
internal struct CpuBank : IDebugRegisterBank
{
    /// <summary>What they should hold, and for whom.</summary>
    public SlotBank Desired;

    /// <summary>Goes up when the pool has something else for this CPU; <see cref="Done"/> follows once its registers have it.</summary>
    public int Wanted;

    public int Done;

    /// <summary>The debugger programmed the registers, perhaps in the middle of somebody else doing it: that has to be begun again.</summary>
    public int IsInterrupted;

    /// <summary>Inside the handler of a hit, which must not be hit itself: the debugger leaves the control register off.</summary>
    public int IsHandling;

    /// <summary>Laid out for a thread that has breakpoints of its own, so that the next one needs another layout.</summary>
    public bool IsOfThread;

    public long Layouts;
    public long Writes;

    private DebugRegisterImage _held;

    public readonly DebugRegisterImage Held => _held;

    public bool TryWrite(int register, ulong value)
    {
        Instructions.WriteDebugRegister(register, value);
        Writes++;
        if (register == IDebugRegisterBank.Control)
        {
            _held.Control = new DebugControl(value);
        }
        else
        {
            _held.SetAddress(register, value);
        }

        return true;
    }
}
