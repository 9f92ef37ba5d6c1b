using System;
using System.Runtime.CompilerServices;
using Haltpoint.Arch.X86;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Debugging;

/// <summary>The registers of an interrupt frame as debuggers number them.</summary>
internal static unsafe class FrameRegisters
{
    public const int StackPointer = 7;
    public const int ProgramCounter = 16;

    private static Table s_places;
    private static int s_count;
    private static int s_imageLength;

    public static RegisterLayout Layout => new(is64Bit: true, ExtendedFeatures.None, isLinux: false);

    public static int Count => s_count;

    public static int ImageLength => s_imageLength;

    /// <summary>Called once, before the debugger is used.</summary>
    public static void Place() => s_count = Layout.Place(s_places, out s_imageLength);

    public static RegisterPlace PlaceOf(int number) => s_places[number];

    /// <param name="frame">A stopped CPU's or thread's.</param>
    /// <param name="perCpu">What GS points to there.</param>
    /// <param name="number">Below <see cref="Count"/>.</param>
    /// <param name="into">As long as the register.</param>
    public static void Read(InterruptFrame* frame, ulong perCpu, int number, Span<byte> into)
    {
        RegisterPlace place = s_places[number];
        switch (place.Set)
        {
            case RegisterSet.General:
                ulong value = Word(frame, (GeneralRegister)(place.SetOffset / sizeof(ulong)), out ulong* word) ? *word : 0;
                if ((GeneralRegister)(place.SetOffset / sizeof(ulong)) == GeneralRegister.GsBase)
                {
                    value = perCpu;
                }

                new ReadOnlySpan<byte>(&value, place.Length).CopyTo(into);
                break;
            case RegisterSet.Control:
                Span<byte> control = stackalloc byte[X87Control.Length];
                X87Control.FromLegacy(Legacy(frame), control);
                control.Slice(place.SetOffset, place.Length).CopyTo(into);
                break;
            default:
                Legacy(frame).Slice(place.SetOffset, place.Length).CopyTo(into);
                break;
        }
    }

    /// <returns>False for a register that a frame does not hold.</returns>
    public static bool TryWrite(InterruptFrame* frame, int number, ReadOnlySpan<byte> value)
    {
        RegisterPlace place = s_places[number];
        switch (place.Set)
        {
            case RegisterSet.General:
                if (!Word(frame, (GeneralRegister)(place.SetOffset / sizeof(ulong)), out ulong* word))
                {
                    return false;
                }

                ulong wide = 0;
                value.CopyTo(new Span<byte>(&wide, sizeof(ulong)));
                *word = wide;
                return true;
            case RegisterSet.Control:
                Span<byte> control = stackalloc byte[X87Control.Length];
                X87Control.FromLegacy(Legacy(frame), control);
                value.CopyTo(control[place.SetOffset..]);
                X87Control.ToLegacy(control, Legacy(frame));
                return true;
            default:
                value.CopyTo(Legacy(frame)[place.SetOffset..]);
                return true;
        }
    }

    private static Span<byte> Legacy(InterruptFrame* frame) => new(InterruptFrame.FxState(frame), InterruptFrame.FxSaveSize);

    private static bool Word(InterruptFrame* frame, GeneralRegister register, out ulong* word)
    {
        word = register switch
        {
            GeneralRegister.Rax => &frame->Rax,
            GeneralRegister.Rbx => &frame->Rbx,
            GeneralRegister.Rcx => &frame->Rcx,
            GeneralRegister.Rdx => &frame->Rdx,
            GeneralRegister.Rsi => &frame->Rsi,
            GeneralRegister.Rdi => &frame->Rdi,
            GeneralRegister.Rbp => &frame->Rbp,
            GeneralRegister.Rsp => &frame->Rsp,
            >= GeneralRegister.R8 and <= GeneralRegister.R15 => &frame->R15 + (GeneralRegister.R15 - register),
            GeneralRegister.Rip => &frame->Rip,
            GeneralRegister.Eflags => &frame->Rflags,
            GeneralRegister.Cs => &frame->Cs,
            GeneralRegister.Ss => &frame->Ss,
            _ => null,
        };
        return word != null;
    }

    [InlineArray(RegisterLayout.MaxCount)]
    private struct Table
    {
        private RegisterPlace _first;
    }
}
