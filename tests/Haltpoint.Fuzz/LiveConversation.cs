using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Haltpoint.Linux;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Rsp;
using Haltpoint.Targets;

namespace Haltpoint.Fuzz;

/// <summary>A hostile client of a live program, which must then compute what it would have computed without one.</summary>
/// <remarks>Left out is only what asks for a change of the program: registers and memory written, signals, its end, traps inside of instructions.</remarks>
internal static unsafe class LiveConversation
{
    private const int Threads = 3;
    private const int Count = 300;
    private const int Length = 16 * 1024;
    private const int MostPackets = 60;
    private const ulong LowestMapped = 0x1_0000;
    private const ulong HighestMapped = 0x7FFF_FFFF_F000;

    private static readonly string[] s_packets =
    [
        "Z0,CODE,1", "z0,CODE,1", "Z1,CODE,1", "z1,CODE,1", "Z2,DATA,8", "z2,DATA,8", "Z4,DATA,18", "z4,DATA,18", "mCODE,40", "xDATA,10", "g", "p10",
        "vCont;c", "vCont;s:pPID.PID;c", "vCont;rCODE,DATA:pPID.PID", "vCont;t", "vCont;c:pPID.-1", "\x03", "QNonStop:1", "QNonStop:0", "vStopped", "?",
        "qSupported:multiprocess+;swbreak+;hwbreak+;vContSupported+;QThreadEvents+", "QStartNoAckMode", "HgpPID.PID", "qfThreadInfo", "D;PID", "D",
        "qXfer:libraries-svr4:read::0,1000", "qXfer:threads:read::0,1000", "qXfer:siginfo:read::0,80", "QCatchSyscalls:1", "QThreadEvents:1",
    ];

    public static void Run(Corpus corpus, Random random)
    {
        using PipedProgram program = new(TraceeBuilder.Build("workers"), Text(Threads), Text(Count));
        ulong code = program.ReadAddress();
        ulong data = program.ReadAddress();
        program.ReadAddress();
        using PtraceSession session = new();
        LinuxTarget target = new(session);
        if (LinuxTarget.Attach(ref target, program.Id) != TargetStatus.Ok)
        {
            throw new InvalidOperationException($"cannot attach: {session.LastError}");
        }

        program.GoOn();
        List<string> sent = [];
        try
        {
            Converse(ref target, session, random, () => Payload(corpus, random, program.Id, code, data), code, sent);
            if (session.HasProcesses)
            {
                LinuxTarget.Detach(ref target, program.Id);
            }

            string sum = program.ReadLine();
            if (sum != Text(Threads * Count))
            {
                throw new InvalidOperationException($"the program counted to {sum}");
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"process {program.Id}, code at {code:x}, data at {data:x}, after:\n{string.Join('\n', sent)}\n", e);
        }
    }

    private static void Converse(ref LinuxTarget target, PtraceSession session, Random random, Func<byte[]> next, ulong code, List<string> sent)
    {
        byte[] input = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
        byte[] output = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
        FrameChecker checker = new();
        fixed (byte* first = input, second = output)
        {
            GdbConnection<LinuxTarget> connection = new(first, Length, second, Length);
            for (int packets = random.Next(1, MostPackets); packets > 0 && connection.End == ConnectionEnd.None; packets--)
            {
                byte[] payload = next();
                if (AsksForChange(payload, code))
                {
                    continue;
                }

                sent.Add(Encoding.Latin1.GetString(payload));
                ReadOnlySpan<byte> bytes = payload is [3] ? payload : Framed(payload);
                while (bytes.Length != 0 && connection.End == ConnectionEnd.None)
                {
                    int taken = connection.Receive(ref target, bytes);
                    if (taken == 0 && connection.Pending.IsEmpty && connection.End == ConnectionEnd.None)
                    {
                        throw new InvalidOperationException("the server takes nothing and sends nothing");
                    }

                    bytes = bytes[taken..];
                    Drain(ref connection, ref target, checker);
                }

                for (int looks = random.Next(20); looks > 0; looks--)
                {
                    session.Wait(-1, block: false);
                    connection.Poll(ref target);
                    Drain(ref connection, ref target, checker);
                }
            }
        }
    }

    private static void Drain(ref GdbConnection<LinuxTarget> connection, ref LinuxTarget target, FrameChecker checker)
    {
        while (!connection.Pending.IsEmpty)
        {
            checker.Check(connection.Pending);
            connection.Sent(connection.Pending.Length);
            connection.Poll(ref target);
        }
    }

    private static byte[] Payload(Corpus corpus, Random random, int process, ulong code, ulong data)
    {
        byte[] payload = random.Next(3) == 0
            ? corpus.Packets[random.Next(corpus.Packets.Count)]
            : Encoding.Latin1.GetBytes(s_packets[random.Next(s_packets.Length)]
                .Replace("CODE", Text(code), StringComparison.Ordinal)
                .Replace("DATA", Text(data), StringComparison.Ordinal)
                .Replace("PID", Text((ulong)process), StringComparison.Ordinal));
        return random.Next(3) == 0 ? Mutator.Mutate(payload, corpus.Packets, random) : payload;
    }

    private static byte[] Framed(byte[] payload)
    {
        int sum = 0;
        foreach (byte value in payload)
        {
            sum += value;
        }

        return [(byte)'+', (byte)'$', .. payload, (byte)'#', Hex.Digit(sum >> 4), Hex.Digit(sum)];
    }

    // A '$' begins a packet anew, wherever it stands.
    private static bool AsksForChange(byte[] payload, ulong code)
    {
        foreach (string packet in Encoding.Latin1.GetString(payload).Split('$'))
        {
            bool asks = packet.Length > 0 && packet[0] switch
            {
                'A' or 'M' or 'X' or 'G' or 'P' or 'k' or 'R' or 'C' or 'S' or '_' => true,
                'c' or 's' => packet.Length > 1,
                'v' => StartsWithAny(packet, "vKill", "vRun", "vAttach", "vFile")
                    || packet.Contains(";C", StringComparison.Ordinal) || packet.Contains(";S", StringComparison.Ordinal),
                'q' => packet.Contains(":write:", StringComparison.Ordinal) || packet.StartsWith("qRcmd", StringComparison.Ordinal),
                'Q' => packet.StartsWith("QRestoreRegisterState", StringComparison.Ordinal),
                'Z' => packet.StartsWith("Z0", StringComparison.Ordinal) && !IsSafeTrap(packet, code),
                _ => false,
            };
            if (asks)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSafeTrap(string packet, ulong code)
    {
        string[] parts = packet.Split(',');
        return parts.Length < 2
            || !ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
            || address == code || address is < LowestMapped or >= HighestMapped;
    }

    private static bool StartsWithAny(string text, params ReadOnlySpan<string> starts)
    {
        foreach (string start in starts)
        {
            if (text.StartsWith(start, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(ulong number) => number.ToString("x", CultureInfo.InvariantCulture);
}
