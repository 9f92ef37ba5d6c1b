using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>The stacks of hits, each unwound once however often it comes back.</summary>
/// <remarks>
/// Unwinding looks at the registers and at those words of the stack that are return addresses or saved frame pointers. Two samples that
/// agree in every word that points into code or into the stack itself, relative to its top, therefore have the same callers.
/// </remarks>
internal sealed class StackCache(Lazy<KernelSymbols> kernel)
{
    // What PERF_SAMPLE_CALLCHAIN puts in front of addresses of another mode: "negative" numbers.
    private const ulong FirstMarker = unchecked((ulong)-4095);

    private const int Capacity = 1 << 16;

    private readonly Dictionary<Key, CodeFrame[]> _known = [];

    /// <summary>The user frames, from <paramref name="address"/> outwards.</summary>
    public CodeFrame[] OfUser(ProcessImage image, in PerfSample sample, in PerfRegisters registers, ulong address) =>
        OfUser(image, registers, sample.Is32Bit, sample.Stack, sample.Time, address);

    /// <summary>The same for registers and a stack that were taken together at <paramref name="time"/>.</summary>
    public CodeFrame[] OfUser(ProcessImage image, in PerfRegisters registers, bool is32Bit, ReadOnlySpan<byte> stack, long time, ulong address)
    {
        Key key = KeyOf(image, registers, stack, address);
        if (!_known.TryGetValue(key, out CodeFrame[]? frames))
        {
            if (_known.Count == Capacity)
            {
                _known.Clear();
            }

            frames = Unwind(image, registers, is32Bit, stack, time, address);
            _known.Add(key, frames);
        }

        return frames;
    }

    /// <summary>The kernel's frames in front of those of the program.</summary>
    public CodeFrame[] WithKernel(in PerfSample sample, CodeFrame[] user)
    {
        List<CodeFrame> frames = [];
        foreach (ulong address in sample.Callchain)
        {
            if (address < FirstMarker)
            {
                frames.Add(kernel.Value.Locate(frames.Count == 0 ? address : address - 1));
            }
        }

        frames.AddRange(user);
        return [.. frames];
    }

    private static CodeFrame[] Unwind(
        ProcessImage image, in PerfRegisters registers, bool is32Bit, ReadOnlySpan<byte> stack, long time, ulong address)
    {
        Span<ulong> addresses = stackalloc ulong[StackUnwinder.MaxFrames];
        int count = image.Unwinder.Unwind(registers, is32Bit, stack, addresses);
        addresses[0] = address;
        List<CodeFrame> frames = [];
        foreach (ulong caller in addresses[..count])
        {
            frames.AddRange(image.Locate(caller, time));
        }

        return [.. frames];
    }

    private static Key KeyOf(ProcessImage image, in PerfRegisters registers, ReadOnlySpan<byte> stack, ulong address)
    {
        ulong top = registers[PerfRegister.Sp];
        ulong size = (ulong)stack.Length;
        HashCode first = default;
        ulong second = 14695981039346656037;
        void Mix(ulong value)
        {
            first.Add(value);
            second = (second ^ value) * 1099511628211;
        }

        Mix(registers[PerfRegister.Ip]);
        // Frames may be found through any register that the callee keeps.
        foreach (PerfRegister kept in (ReadOnlySpan<PerfRegister>)[PerfRegister.Bp, PerfRegister.Bx, PerfRegister.R10, PerfRegister.R12])
        {
            ulong value = registers[kept];
            Mix(value - top < size ? value - top : 0);
        }

        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(stack);
        for (int i = 0; i < words.Length; i++)
        {
            ulong word = words[i];
            if (word - top < size)
            {
                Mix((ulong)i);
                Mix(word - top);
            }
            else if (image.MayBeCode(word))
            {
                Mix((ulong)i);
                Mix(word);
            }
        }

        return new Key(image, address, first.ToHashCode(), second);
    }

    private readonly record struct Key(ProcessImage Image, ulong Address, int First, ulong Second);
}
