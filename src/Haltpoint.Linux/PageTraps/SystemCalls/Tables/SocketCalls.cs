using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;
using static Haltpoint.Linux.PageTraps.SystemCalls.CallTransfer;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Sockets.</summary>
internal static class SocketCalls
{
    public static readonly SystemCall[] All =
    [
        new(41, "socket", [Value, Value, Value]),
        new(53, "socketpair", [Value, Value, Value, Out(8)]),
        new(42, "connect", [Value, In(By(2)), Value]),
        new(49, "bind", [Value, In(By(2)), Value]),
        new(50, "listen", [Value, Value]),
        new(43, "accept", [Value, Out(ByWord(2, 128), LengthWord), Both(4)]),
        new(288, "accept4", [Value, Out(ByWord(2, 128), LengthWord), Both(4), Value]),
        new(51, "getsockname", [Value, Out(ByWord(2, 128), LengthWord), Both(4)]),
        new(52, "getpeername", [Value, Out(ByWord(2, 128), LengthWord), Both(4)]),
        new(44, "sendto", [Value, In(By(2), Returned), Value, Value, In(By(5)), Value]) { MessageTwin = 46 },
        new(45, "recvfrom", [Value, Out(By(2), Returned), Value, Value, Out(ByWord(5, 128), LengthWord), Both(4)]) { MessageTwin = 47 },
        new(46, "sendmsg", [Value, MessageIn, Value]),
        new(47, "recvmsg", [Value, MessageOut, Value]),
        new(307, "sendmmsg", [Value, MessagesIn(2), Value, Value]),
        new(299, "recvmmsg", [Value, MessagesOut(2), Value, Value, Both(16)]),
        new(48, "shutdown", [Value, Value]),
        // SO_ATTACH_FILTER and SO_ATTACH_REUSEPORT_CBPF have the same numbers on every level that knows them.
        new(54, "setsockopt", [Value, Value, Value, In(By(4)), Value], isPartlyKnown: true)
        {
            Selector = 2,
            Operations =
            [
                new(26, Value, Value, Value, FilterProgram, Value),
                new(51, Value, Value, Value, FilterProgram, Value),
            ],
        },
        new(55, "getsockopt", [Value, Value, Value, Both(ByWord(4, 1 << 20), LengthWord), Both(4)], isPartlyKnown: true),
    ];
}
