using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Boot;

namespace Haltpoint.Ring0.Shell;

/// <summary>Mistakes on purpose, to see that each is caught and named.</summary>
internal static unsafe class Faults
{
    private static int s_zero;

    public static void Make(ReadOnlySpan<byte> kind)
    {
        if (kind.SequenceEqual("divide"u8))
        {
            Use(Divide(1, s_zero));
        }
        else if (kind.SequenceEqual("null"u8))
        {
            Use(ReadAt((int*)s_zero));
        }
        else if (kind.SequenceEqual("text"u8))
        {
            WriteAt((int*)ImageLayout.TextStart());
        }
        else if (kind.SequenceEqual("stack"u8))
        {
            Use(Recurse(1));
        }
        else if (kind.SequenceEqual("index"u8))
        {
            Use(kind[kind.Length + s_zero]);
        }
        else
        {
            Commands.Print($"fault X: divide, null, text, stack, index\r\n");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Divide(int value, int by) => value / by;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadAt(int* address) => *address;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteAt(int* address) => *address = 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recurse(int depth) => depth == 0 ? 0 : Recurse(depth + 1) + depth;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use(int value)
    {
    }
}
