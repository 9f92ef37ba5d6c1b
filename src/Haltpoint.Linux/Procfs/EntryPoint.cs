using System;
using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Procfs;

/// <summary>Where a program begins, once its dynamic linker is done.</summary>
internal static class EntryPoint
{
    private const ulong Tag = 9; // AT_ENTRY

    /// <returns>0 when the process is gone.</returns>
    public static ulong Of(int process)
    {
        Span<byte> vector = stackalloc byte[4096];
        Span<ulong> pairs = MemoryMarshal.Cast<byte, ulong>(vector[..ProcFile.Read(process, "auxv", vector)]);
        for (int i = 0; i + 1 < pairs.Length; i += 2)
        {
            if (pairs[i] == Tag)
            {
                return pairs[i + 1];
            }
        }

        return 0;
    }
}
