using System.Collections.Concurrent;
using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>ioctl: what its third argument is stands in the number of the request (asm-generic/ioctl.h), except in old ones.</summary>
internal sealed class IoctlCall() : SystemCall(16, "ioctl", [Value, Value, Value], isPartlyKnown: true)
{
    private const int SizeAt = 16;
    private const uint SizeMask = 0x3fff;
    private const uint ProgramWrites = 1u << 30;
    private const uint ProgramReads = 2u << 30;
    private const uint KindMask = 0xff00;
    private const uint UserFault = 0xaa00;
    private const uint InterfaceRequests = 0x8910;
    private const uint InterfaceRequestsEnd = 0x8a00;

    private static readonly ConcurrentDictionary<uint, Argument[]> s_byRequest = new()
    {
        /* TCGETS       */ [0x5401] = With(Out(36)),
        /* TCSETS       */ [0x5402] = With(In(36)),
        /* TCSETSW      */ [0x5403] = With(In(36)),
        /* TCSETSF      */ [0x5404] = With(In(36)),
        /* TCGETA       */ [0x5405] = With(Out(18)),
        /* TCSETA       */ [0x5406] = With(In(18)),
        /* TCSETAW      */ [0x5407] = With(In(18)),
        /* TCSETAF      */ [0x5408] = With(In(18)),
        /* TIOCGPGRP    */ [0x540f] = With(Out(4)),
        /* TIOCSPGRP    */ [0x5410] = With(In(4)),
        /* TIOCOUTQ     */ [0x5411] = With(Out(4)),
        /* TIOCSTI      */ [0x5412] = With(In(1)),
        /* TIOCGWINSZ   */ [0x5413] = With(Out(8)),
        /* TIOCSWINSZ   */ [0x5414] = With(In(8)),
        /* TIOCMGET     */ [0x5415] = With(Out(4)),
        /* TIOCMBIS     */ [0x5416] = With(In(4)),
        /* TIOCMBIC     */ [0x5417] = With(In(4)),
        /* TIOCMSET     */ [0x5418] = With(In(4)),
        /* TIOCGSOFTCAR */ [0x5419] = With(Out(4)),
        /* TIOCSSOFTCAR */ [0x541a] = With(In(4)),
        /* FIONREAD     */ [0x541b] = With(Out(4)),
        /* TIOCLINUX    */ [0x541c] = With(Both(1)),
        /* TIOCGSERIAL  */ [0x541e] = With(Out(72)),
        /* TIOCSSERIAL  */ [0x541f] = With(In(72)),
        /* TIOCPKT      */ [0x5420] = With(In(4)),
        /* FIONBIO      */ [0x5421] = With(In(4)),
        /* TIOCSETD     */ [0x5423] = With(In(4)),
        /* TIOCGETD     */ [0x5424] = With(Out(4)),
        /* TIOCGSID     */ [0x5429] = With(Out(4)),
        /* FIOASYNC     */ [0x5452] = With(In(4)),
        /* TIOCGICOUNT  */ [0x545d] = With(Out(80)),
        /* FIOQSIZE     */ [0x5460] = With(Out(8)),
        /* FIBMAP       */ [0x0001] = With(Both(4)),
        /* FIGETBSZ     */ [0x0002] = With(Out(4)),
        /* FIOSETOWN    */ [0x8901] = With(In(4)),
        /* SIOCSPGRP    */ [0x8902] = With(In(4)),
        /* FIOGETOWN    */ [0x8903] = With(Out(4)),
        /* SIOCGPGRP    */ [0x8904] = With(Out(4)),
        /* SIOCATMARK   */ [0x8905] = With(Out(4)),
        /* SIOCGSTAMP   */ [0x8906] = With(Out(16)),
        /* SIOCGSTAMPNS */ [0x8907] = With(Out(16)),
        /* SIOCGIFCONF  */ [0x8912] = With(Interfaces),
        /* BLKROSET     */ [0x125d] = With(In(4)),
        /* BLKROGET     */ [0x125e] = With(Out(4)),
        /* BLKGETSIZE   */ [0x1260] = With(Out(8)),
        /* BLKRAGET     */ [0x1263] = With(Out(8)),
        /* BLKFRAGET    */ [0x1265] = With(Out(8)),
        /* BLKSECTGET   */ [0x1267] = With(Out(2)),
        /* BLKSSZGET    */ [0x1268] = With(Out(4)),
        /* BLKDISCARD   */ [0x1277] = With(In(16)),
        /* BLKIOMIN     */ [0x1278] = With(Out(4)),
        /* BLKIOOPT     */ [0x1279] = With(Out(4)),
        /* BLKALIGNOFF  */ [0x127a] = With(Out(4)),
        /* BLKPBSZGET   */ [0x127b] = With(Out(4)),
        /* BLKZEROOUT   */ [0x127f] = With(In(16)),
    };

    public override Argument[] ArgumentsFor(in CallArguments given)
    {
        uint request = (uint)given[1];
        return s_byRequest.TryGetValue(request, out Argument[]? known) ? known : s_byRequest.GetOrAdd(request, Decode(request));
    }

    private static Argument[] Decode(uint request)
    {
        int size = (int)((request >> SizeAt) & SizeMask);
        bool isInterface = request is >= InterfaceRequests and < InterfaceRequestsEnd;
        return With((request & (ProgramWrites | ProgramReads)) switch
        {
            _ when isInterface => Both(40),
            _ when (request & KindMask) == UserFault && size >= 16 => RangeStructure,
            // Nothing is said of it: where it could be an address of armed memory, nobody may look away.
            0 => Range(1),
            ProgramWrites => In(size),
            ProgramReads => Out(size),
            _ => Both(size),
        });
    }

    private static Argument[] With(Argument argument) => [Value, Value, argument];
}
