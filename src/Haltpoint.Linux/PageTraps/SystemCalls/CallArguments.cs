using System.Runtime.CompilerServices;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>The six arguments: rdi, rsi, rdx, r10, r8, r9; ebx, ecx, edx, esi, edi, ebp of a 32-bit call.</summary>
[InlineArray(Count)]
internal struct CallArguments
{
    public const int Count = 6;

    private ulong _first;

    public CallArguments(ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        this[0] = a0;
        this[1] = a1;
        this[2] = a2;
        this[3] = a3;
        this[4] = a4;
        this[5] = a5;
    }
}
