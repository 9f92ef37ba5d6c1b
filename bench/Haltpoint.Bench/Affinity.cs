using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Haltpoint.Bench;

/// <summary>Where the calling thread, and every program it starts from then on, may run.</summary>
internal static unsafe partial class Affinity
{
    private const int MaskLength = 128;
    private static readonly byte[] s_all = Get();

    /// <summary>On one CPU: a round trip between programs that share one is far steadier than between two.</summary>
    public static void PinToOne()
    {
        int last = Array.FindLastIndex(s_all, b => b != 0);
        byte[] mask = new byte[MaskLength];
        mask[last] = (byte)(1 << (31 - int.LeadingZeroCount(s_all[last])));
        Set(mask);
    }

    public static void Unpin() => Set(s_all);

    private static byte[] Get()
    {
        byte[] mask = new byte[MaskLength];
        fixed (byte* bits = mask)
        {
            return GetAffinity(0, MaskLength, bits) >= 0 ? mask : throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private static void Set(byte[] mask)
    {
        fixed (byte* bits = mask)
        {
            if (SetAffinity(0, MaskLength, bits) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nuint length, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint length, byte* mask);
}
