using System;

namespace Haltpoint.Linux.Objects;

/// <summary><c>siginfo_t</c> between the 64-bit form that the kernel gives a 64-bit tracer and the form of a 32-bit program.</summary>
/// <remarks>
/// Both are 128 bytes and begin with signal, error and code. Which members follow depends on signal and code, as in the kernel's
/// own choice (sigaction(2), "The siginfo_t argument"). On x86 the compat <c>clock_t</c> is 32 bits.
/// </remarks>
internal static class SignalInfoLayout
{
    public const int Length = 128;

    private const int Header = 12;

    /// <summary>A member: offset and width in the 64-bit form, offset and width in the 32-bit form.</summary>
    private readonly record struct Member(byte Offset64, byte Width64, byte Offset32, byte Width32);

    private static readonly Member[] s_sender = [new(16, 4, 12, 4), new(20, 4, 16, 4)];
    private static readonly Member[] s_queued = [.. s_sender, new(24, 8, 20, 4)];
    private static readonly Member[] s_timer = [.. s_queued, new(32, 4, 24, 4)];
    private static readonly Member[] s_child = [.. s_sender, new(24, 4, 20, 4), new(32, 8, 24, 4), new(40, 8, 28, 4)];
    private static readonly Member[] s_poll = [new(16, 8, 12, 4), new(24, 4, 16, 4)];
    private static readonly Member[] s_systemCall = [new(16, 8, 12, 4), new(24, 4, 16, 4), new(28, 4, 20, 4)];
    private static readonly Member[] s_fault = [new(16, 8, 12, 4), new(24, 2, 16, 2)];
    private static readonly Member[] s_bounds = [.. s_fault, new(32, 8, 20, 4), new(40, 8, 24, 4)];
    private static readonly Member[] s_key = [.. s_fault, new(32, 4, 20, 4)];
    private static readonly Member[] s_perf = [new(16, 8, 12, 4), new(24, 8, 16, 4), new(32, 4, 20, 4), new(36, 4, 24, 4)];

    public static void To32Bit(ReadOnlySpan<byte> from, Span<byte> to)
    {
        to[..Length].Clear();
        from[..Header].CopyTo(to);
        foreach (Member member in Members(from))
        {
            from.Slice(member.Offset64, member.Width32).CopyTo(to[member.Offset32..]);
        }
    }

    public static void To64Bit(ReadOnlySpan<byte> from, Span<byte> to)
    {
        to[..Length].Clear();
        from[..Header].CopyTo(to);
        foreach (Member member in Members(from))
        {
            // Addresses, values and times grow with zeros; the band of SIGPOLL is a set of bits, too.
            from.Slice(member.Offset32, member.Width32).CopyTo(to[member.Offset64..]);
        }
    }

    private static Member[] Members(ReadOnlySpan<byte> header)
    {
        const int user = 0;
        const int timer = -2;
        const int ioSignal = -5;
        const int threadKill = -6;
        const int kernel = 0x80;
        int signal = BitConverter.ToInt32(header);
        int code = BitConverter.ToInt32(header[8..]);
        return code switch
        {
            user or threadKill or >= kernel => s_sender,
            timer => s_timer,
            ioSignal => s_poll,
            < 0 => s_queued,
            _ => OfKernel(signal, code),
        };
    }

    private static Member[] OfKernel(int signal, int code)
    {
        const int illegal = 4;
        const int trap = 5;
        const int bus = 7;
        const int floating = 8;
        const int segment = 11;
        const int child = 17;
        const int poll = 29;
        const int systemCall = 31;
        const int boundsCode = 3;
        const int keyCode = 4;
        const int perfCode = 6;
        return (signal, code) switch
        {
            (segment, boundsCode) => s_bounds,
            (segment, keyCode) => s_key,
            (trap, perfCode) => s_perf,
            (illegal or trap or bus or floating or segment, _) => s_fault,
            (child, _) => s_child,
            (poll, _) => s_poll,
            (systemCall, _) => s_systemCall,
            _ => s_sender,
        };
    }
}
