using System;
using System.Runtime.CompilerServices;
using Haltpoint.Arch.X86;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>What the debug registers of one x86 CPU should hold now, and for whom.</summary>
public struct SlotBank
{
    private Owners _owners;
    private DebugRegisterImage _image;

    public readonly DebugRegisterImage Image => _image;

    /// <summary>Takes over what <see cref="SlotPool.Layout"/> placed. The address of a register that is not used stays as it is: it need not be written.</summary>
    public void Set(ReadOnlySpan<SlotPlacement> placed)
    {
        _owners = default;
        _image.Control = default;
        foreach (SlotPlacement placement in placed)
        {
            _owners[placement.Register] = placement.Id;
            _image.SetAddress(placement.Register, placement.Form.Address);
            _image.Control = _image.Control.Arm(placement.Register, placement.Access, (int)placement.Form.Length);
        }
    }

    /// <summary>Whose a register is; none when it is not used.</summary>
    public readonly SlotId OwnerOf(int slot) => _owners[slot];

    public readonly AccessKind AccessOf(int slot) => _image.Control.AccessOf(slot);

    /// <summary>The registers, one bit each, that a debug exception is a hit of.</summary>
    /// <remarks>
    /// A status bit of a register that is not armed means nothing. One for execution that comes with a step is left: its
    /// instruction has not begun, and the exception comes again for it alone.
    /// </remarks>
    public readonly int HitsOf(DebugStatus status)
    {
        int hits = 0;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            bool isLeft = status.IsStep && AccessOf(slot) == AccessKind.Execute;
            if (status.IsHit(slot) && _image.Control.IsArmed(slot) && !isLeft)
            {
                hits |= 1 << slot;
            }
        }

        return hits;
    }

    [InlineArray(DebugControl.SlotCount)]
    private struct Owners
    {
        private SlotId _first;
    }
}
