using System;
using System.Buffers.Binary;
using System.Text;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.ThreadLocals;

namespace Haltpoint.Linux.Objects;

/// <summary>The program that an address space holds: its word size, and what the kernel told it when it started.</summary>
/// <remarks>Good until the process executes another program.</remarks>
internal sealed class ProgramImage
{
    private const int LongestVector = 4096;
    private readonly ProcessMemory _memory;
    private readonly byte[] _auxiliaryVector;

    /// <param name="thread">Any live thread: a first thread that has ended has neither program nor vector any more.</param>
    /// <param name="memory">Of the process.</param>
    public ProgramImage(int thread, ProcessMemory memory)
    {
        const int classOffset = 4;
        const int class32 = 1;
        _memory = memory;
        Span<byte> identification = stackalloc byte[16];
        Is64Bit = ProcFile.Read(thread, "exe", identification) <= classOffset || identification[classOffset] != class32;

        byte[] vector = new byte[LongestVector];
        _auxiliaryVector = vector[..ProcFile.Read(thread, "auxv", vector)];
    }

    public bool Is64Bit { get; }

    /// <summary>How its C library keeps thread-local variables, once somebody asked and the library was there.</summary>
    public ThreadLocalLayout? ThreadLocals { get; set; }

    public int WordLength => Is64Bit ? sizeof(ulong) : sizeof(uint);

    /// <summary>Pairs of words as the kernel laid them on the first stack (getauxval(3)).</summary>
    public ReadOnlySpan<byte> AuxiliaryVector => _auxiliaryVector;

    public bool TryGetAuxiliary(ulong type, out ulong value)
    {
        int pair = 2 * WordLength;
        for (int at = 0; at + pair <= _auxiliaryVector.Length; at += pair)
        {
            if (Word(_auxiliaryVector.AsSpan(at)) == type)
            {
                value = Word(_auxiliaryVector.AsSpan(at + WordLength));
                return true;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>A number or address of the program's own size.</summary>
    public ulong Word(ReadOnlySpan<byte> bytes) =>
        Is64Bit ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public bool TryRead(ulong address, Span<byte> into) => _memory.Read(address, into) == into.Length;

    public bool TryReadWord(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool read = TryRead(address, bytes[..WordLength]);
        value = read ? Word(bytes) : 0;
        return read;
    }

    /// <summary>Text up to a zero byte, to the end of readable memory or to <paramref name="longest"/> bytes.</summary>
    public string ReadText(ulong address, int longest)
    {
        byte[] bytes = new byte[longest];
        ReadOnlySpan<byte> read = bytes.AsSpan(0, _memory.Read(address, bytes));
        int end = read.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? read : read[..end]);
    }
}
