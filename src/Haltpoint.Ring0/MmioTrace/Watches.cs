using Haltpoint.Arch.X86;
using Haltpoint.Breakpoints;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>The CPU's debug registers, asked by hand: an access made by the page's other address is none that they see.</summary>
internal static class Watches
{
    private const int ControlRegister = 7;
    private const int SlotBits = 4;
    private const int FirstSlotShift = 16;

    /// <returns>A bit for each slot that watches a byte of the access, as in DR6.</returns>
    public static ulong Find(ulong address, ulong size, AccessKind access)
    {
        ulong control = Instructions.ReadDebugRegister(ControlRegister);
        ulong found = 0;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if ((control >> (2 * slot) & 3) == 0)
            {
                continue;
            }

            // 1 is a write, 3 an access; lengths are 1, 2, 8 and 4 bytes (SDM volume 3, section 17.2.4).
            ulong field = control >> (FirstSlotShift + (SlotBits * slot));
            bool isWanted = (field & 3) == 3 || ((field & 3) == 1 && (access & AccessKind.Write) != 0);
            ulong length = (field >> 2 & 3) switch
            {
                0 => 1,
                1 => 2,
                2 => 8,
                _ => 4,
            };
            ulong start = Instructions.ReadDebugRegister(slot) & ~(length - 1);
            if (isWanted && start < address + size && start + length > address)
            {
                found |= 1UL << slot;
            }
        }

        return found;
    }
}
