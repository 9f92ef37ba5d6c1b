using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;

namespace Haltpoint.Arch.X86;

/// <summary>What the debug registers of a thread or CPU hold, or should hold: DR0 to DR3 and DR7.</summary>
public struct DebugRegisterImage
{
    private Addresses _addresses;

    public DebugControl Control;

    /// <summary>The image that makes a bank do what is in <paramref name="breakpoints"/>.</summary>
    public DebugRegisterImage(in HardwareBreakpoints breakpoints)
    {
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            HardwareSlot held = breakpoints.SlotAt(slot);
            _addresses[slot] = held.Address;
            if (!held.IsFree)
            {
                Control = Control.Arm(slot, held.Access, held.Length);
            }
        }
    }

    public readonly ulong GetAddress(int slot) => _addresses[slot];

    public void SetAddress(int slot, ulong address) => _addresses[slot] = address;

    public readonly bool Is(in DebugRegisterImage other)
    {
        bool same = Control.Bits == other.Control.Bits;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            same &= _addresses[slot] == other._addresses[slot];
        }

        return same;
    }

    [InlineArray(DebugControl.SlotCount)]
    private struct Addresses
    {
        private ulong _first;
    }
}
