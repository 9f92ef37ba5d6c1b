using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Haltpoint.Rsp;
using Haltpoint.Targets;

namespace Haltpoint.Ring0.Gate;

/// <summary>Roots of the compilation: what they reach is what the object shows, so every generic type of Core is instantiated from here.</summary>
/// <remarks>
/// Built twice and run on the same input: with .NET inside eng/Ring0Gate, and by ILC as a program without a run time.
/// The answers have to be the same byte for byte.
/// </remarks>
public static unsafe class GateProgram
{
    private const int BufferLength = 16384;
    private const int Probes = 5;

    private static LeastTarget s_least;
    private static FullTarget s_full;

    /// <summary>What the probes find, then what both targets answer to the bytes that a client sends.</summary>
    /// <returns>Bytes of <paramref name="output"/> used, or -1 when they are too few.</returns>
    [UnmanagedCallersOnly(EntryPoint = "gate_run")]
    public static int Run(byte* input, int length, byte* output, int capacity)
    {
        if (capacity < Probes * sizeof(ulong))
        {
            return -1;
        }

        Span<byte> answers = new(output, capacity);
        BinaryPrimitives.WriteUInt64LittleEndian(answers, SlotPoolProbe.Run());
        BinaryPrimitives.WriteUInt64LittleEndian(answers[sizeof(ulong)..], SoftwareBreakpointProbe.Run());
        BinaryPrimitives.WriteUInt64LittleEndian(answers[(2 * sizeof(ulong))..], RoundupProbe.Run());
        BinaryPrimitives.WriteUInt64LittleEndian(answers[(3 * sizeof(ulong))..], PageTrapProbe.Run());
        BinaryPrimitives.WriteUInt64LittleEndian(answers[(4 * sizeof(ulong))..], TimekeepingProbe.Run());
        int used = Probes * sizeof(ulong);
        ReadOnlySpan<byte> client = new(input, length);
        return TrySpeak(ref s_least, client, answers, ref used) && TrySpeak(ref s_full, client, answers, ref used) ? used : -1;
    }

    private static bool TrySpeak<TTarget>(ref TTarget target, ReadOnlySpan<byte> client, Span<byte> answers, ref int used)
        where TTarget : struct, ITarget<TTarget>
    {
        byte* from = stackalloc byte[BufferLength];
        byte* to = stackalloc byte[BufferLength];
        GdbConnection<TTarget> connection = new(from, BufferLength, to, BufferLength);
        int taken = 0;
        int step;
        do
        {
            // Byte by byte: a stop is reported before the next packet begins, as a client that waits for it sees.
            step = connection.Receive(ref target, client.Slice(taken, Math.Min(1, client.Length - taken)));
            taken += step;
            ReadOnlySpan<byte> pending = connection.Pending;
            if (!pending.TryCopyTo(answers[used..]))
            {
                return false;
            }

            used += pending.Length;
            step += pending.Length;
            connection.Sent(pending.Length);
        }
        while (step > 0);

        return true;
    }
}
