using System;

namespace Haltpoint.Arch.X86;

/// <summary>Programs an image into every bank of a process or machine, or into none.</summary>
/// <remarks>
/// The threads must be stopped, and the caller be the one thread that may write their registers. A half-armed watchpoint is worse
/// than none, because its silence reads as "nobody touched it".
/// </remarks>
public static class DebugRegisterBanks
{
    /// <param name="banks">All live banks; each of them holds <paramref name="before"/>.</param>
    /// <param name="before">What to go back to when a bank refuses.</param>
    /// <param name="after">What to program.</param>
    /// <param name="refusing">Index of the bank that refused, -1 when none did.</param>
    public static BankStatus TryProgram<TBank>(Span<TBank> banks, in DebugRegisterImage before, in DebugRegisterImage after, out int refusing)
        where TBank : struct, IDebugRegisterBank
    {
        for (int i = 0; i < banks.Length; i++)
        {
            if (!TryProgram(ref banks[i], after))
            {
                refusing = i;
                return TryGoBack(banks[..(i + 1)], before) ? BankStatus.Refused : BankStatus.Torn;
            }
        }

        refusing = -1;
        return BankStatus.Programmed;
    }

    /// <summary>Writes the registers that differ. After a refusal the bank holds something between the old image and the new.</summary>
    public static bool TryProgram<TBank>(ref TBank bank, in DebugRegisterImage image)
        where TBank : struct, IDebugRegisterBank
    {
        DebugRegisterImage held = bank.Held;

        // A slot must be disarmed while its address changes: armed, it would watch the new address with the old length, which Linux
        // refuses when the address is not a multiple of that length (C-5) and a processor takes without a word.
        DebugControl between = held.Control;
        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (held.GetAddress(slot) != image.GetAddress(slot))
            {
                between = between.Disarm(slot);
            }
        }

        if (between.Bits != held.Control.Bits && !bank.TryWrite(IDebugRegisterBank.Control, between.Bits))
        {
            return false;
        }

        for (int slot = 0; slot < DebugControl.SlotCount; slot++)
        {
            if (held.GetAddress(slot) != image.GetAddress(slot) && !bank.TryWrite(slot, image.GetAddress(slot)))
            {
                return false;
            }
        }

        return between.Bits == image.Control.Bits || bank.TryWrite(IDebugRegisterBank.Control, image.Control.Bits);
    }

    private static bool TryGoBack<TBank>(Span<TBank> banks, in DebugRegisterImage before)
        where TBank : struct, IDebugRegisterBank
    {
        bool isBack = true;
        for (int i = banks.Length - 1; i >= 0; i--)
        {
            if (!TryProgram(ref banks[i], before))
            {
                banks[i].TryWrite(IDebugRegisterBank.Control, 0);
                isBack = false;
            }
        }

        return isBack;
    }
}
