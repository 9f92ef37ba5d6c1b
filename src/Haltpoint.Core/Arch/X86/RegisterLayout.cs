using System;

namespace Haltpoint.Arch.X86;

/// <summary>The registers of a program and their numbers, in the order that gdb's own Linux servers use.</summary>
/// <remarks>
/// A client takes numbers and order from the description, so the order is free; keeping the usual one lets clients work that ignore
/// descriptions. A register that the CPU or the kernel lacks has no number at all.
/// </remarks>
/// <param name="is64Bit">Of a 64-bit program, or machine.</param>
/// <param name="features">What goes beyond SSE.</param>
/// <param name="isLinux">A program of Linux, which has a system call to restart; not a bare machine.</param>
public readonly struct RegisterLayout(bool is64Bit, ExtendedFeatures features, bool isLinux = true)
{
    /// <summary>No layout has more registers.</summary>
    public const int MaxCount = 149;

    private const int XmmOffset = 160;
    private const int MxcsrOffset = 24;
    private const int StackOffset = 32;

    public bool Is64Bit => is64Bit;

    public ExtendedFeatures Features => features;

    /// <summary>How many values <see cref="Run"/> takes; runs of a feature that is not <see cref="Has">there</see> are to be left out.</summary>
    public int RunCount => is64Bit ? 19 : 18;

    public bool Has(RegisterFeature feature) => feature switch
    {
        RegisterFeature.Segments => is64Bit,
        RegisterFeature.Linux => isLinux,
        RegisterFeature.Avx => (features & ExtendedFeatures.Avx) != 0,
        RegisterFeature.Avx512 => (features & ExtendedFeatures.Avx512) == ExtendedFeatures.Avx512,
        RegisterFeature.Pkeys => (features & ExtendedFeatures.Pkru) != 0,
        _ => true,
    };

    public RegisterRun Run(int index) => is64Bit ? Run64(index) : Run32(index);

    /// <summary>Fills in the place of every register, by number.</summary>
    /// <param name="places">At least <see cref="MaxCount"/>.</param>
    /// <param name="imageLength">Bytes of the <c>g</c> image.</param>
    /// <returns>How many registers there are.</returns>
    public int Place(Span<RegisterPlace> places, out int imageLength)
    {
        int number = 0;
        imageLength = 0;
        for (int index = 0; index < RunCount; index++)
        {
            RegisterRun run = Run(index);
            if (!Has(run.Feature))
            {
                continue;
            }

            for (int i = 0; i < run.Count; i++)
            {
                places[number].Set = run.Set;
                places[number].Length = (byte)run.Length;
                places[number].SetOffset = (ushort)(run.Offset + (i * run.Stride));
                places[number].ImageOffset = (ushort)imageLength;
                imageLength += run.Length;
                number++;
            }
        }

        return number;
    }

    private static RegisterRun Run64(int index) => index switch
    {
        0 => Words("rax rbx rcx rdx rsi rdi"u8, 6, RegisterType.Int64, GeneralRegister.Rax),
        1 => Words("rbp rsp"u8, 2, RegisterType.DataPointer64, GeneralRegister.Rbp),
        2 => new(RegisterFeature.Core, "r#"u8, 8, 8, RegisterType.Int64, RegisterSet.General, (int)GeneralRegister.R8 * 8, 8),
        3 => Words("rip"u8, 1, RegisterType.CodePointer64, GeneralRegister.Rip),
        4 => Flags(),
        5 => Segments(),
        6 => Stack(),
        7 => Control(),
        8 => new(RegisterFeature.Sse, "xmm#"u8, 0, 16, RegisterType.Vector128, RegisterSet.Legacy, XmmOffset, 16),
        9 => Mxcsr(),
        10 => new(RegisterFeature.Linux, "orig_rax"u8, 0, 1, RegisterType.Number64, RegisterSet.General, (int)GeneralRegister.OrigRax * 8, 8),
        11 => new(RegisterFeature.Segments, "fs_base gs_base"u8, 0, 2, RegisterType.Number64, RegisterSet.General, (int)GeneralRegister.FsBase * 8, 8),
        12 => new(RegisterFeature.Avx, "ymm#h"u8, 0, 16, RegisterType.Unsigned128, RegisterSet.Avx, 0, 16),
        13 => new(RegisterFeature.Avx512, "xmm#"u8, 16, 16, RegisterType.Vector128, RegisterSet.HighZmm, 0, 64),
        14 => new(RegisterFeature.Avx512, "ymm#h"u8, 16, 16, RegisterType.Unsigned128, RegisterSet.HighZmm, 16, 64),
        15 => Opmask(),
        16 => new(RegisterFeature.Avx512, "zmm#h"u8, 0, 16, RegisterType.Unsigned128Pair, RegisterSet.ZmmHigh, 0, 32),
        17 => new(RegisterFeature.Avx512, "zmm#h"u8, 16, 16, RegisterType.Unsigned128Pair, RegisterSet.HighZmm, 32, 64),
        _ => Pkru(),
    };

    private static RegisterRun Run32(int index) => index switch
    {
        0 => Words("eax"u8, 1, RegisterType.Int32, GeneralRegister.Rax),
        1 => Words("ecx edx"u8, 2, RegisterType.Int32, GeneralRegister.Rcx),
        2 => Words("ebx"u8, 1, RegisterType.Int32, GeneralRegister.Rbx),
        3 => Words("esp"u8, 1, RegisterType.DataPointer32, GeneralRegister.Rsp),
        4 => Words("ebp"u8, 1, RegisterType.DataPointer32, GeneralRegister.Rbp),
        5 => Words("esi edi"u8, 2, RegisterType.Int32, GeneralRegister.Rsi),
        6 => Words("eip"u8, 1, RegisterType.CodePointer32, GeneralRegister.Rip),
        7 => Flags(),
        8 => Segments(),
        9 => Stack(),
        10 => Control(),
        11 => new(RegisterFeature.Sse, "xmm#"u8, 0, 8, RegisterType.Vector128, RegisterSet.Legacy, XmmOffset, 16),
        12 => Mxcsr(),
        13 => new(RegisterFeature.Linux, "orig_eax"u8, 0, 1, RegisterType.Number32, RegisterSet.General, (int)GeneralRegister.OrigRax * 8, 8),
        14 => new(RegisterFeature.Avx, "ymm#h"u8, 0, 8, RegisterType.Unsigned128, RegisterSet.Avx, 0, 16),
        15 => Opmask(),
        16 => new(RegisterFeature.Avx512, "zmm#h"u8, 0, 8, RegisterType.Unsigned128Pair, RegisterSet.ZmmHigh, 0, 32),
        _ => Pkru(),
    };

    private static RegisterRun Words(ReadOnlySpan<byte> names, int count, RegisterType type, GeneralRegister first) =>
        new(RegisterFeature.Core, names, 0, count, type, RegisterSet.General, (int)first * 8, 8);

    private static RegisterRun Flags() => Words("eflags"u8, 1, RegisterType.Eflags, GeneralRegister.Eflags);

    private static RegisterRun Segments() => Words("cs ss ds es fs gs"u8, 6, RegisterType.Int32, GeneralRegister.Cs);

    private static RegisterRun Stack() =>
        new(RegisterFeature.Core, "st#"u8, 0, 8, RegisterType.X87Extended, RegisterSet.Legacy, StackOffset, 16);

    private static RegisterRun Control() =>
        new(RegisterFeature.Core, "fctrl fstat ftag fiseg fioff foseg fooff fop"u8, 0, 8, RegisterType.X87Control, RegisterSet.Control, 0, 4);

    private static RegisterRun Mxcsr() =>
        new(RegisterFeature.Sse, "mxcsr"u8, 0, 1, RegisterType.Mxcsr, RegisterSet.Legacy, MxcsrOffset, 4);

    private static RegisterRun Opmask() =>
        new(RegisterFeature.Avx512, "k#"u8, 0, 8, RegisterType.Unsigned64, RegisterSet.Opmask, 0, 8);

    private static RegisterRun Pkru() =>
        new(RegisterFeature.Pkeys, "pkru"u8, 0, 1, RegisterType.Unsigned32, RegisterSet.Pkru, 0, 4);
}
