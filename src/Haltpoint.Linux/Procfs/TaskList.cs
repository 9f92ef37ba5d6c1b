using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Generic;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Procfs;

/// <summary>The threads of a process: the names in /proc/PID/task.</summary>
internal static unsafe class TaskList
{
    private const int NameOffset = 19;
    private const int LengthOffset = 16;

    /// <summary>Holds every thread, be they ever so short-lived: none is left then, and none comes, that is not.</summary>
    /// <param name="process">The process.</param>
    /// <param name="tryHold">
    /// Keeps a thread from starting others unseen, and in the list until its end is taken; false for one that is on its way out. Asked again then.
    /// </param>
    /// <remarks>
    /// A thread may start another and be gone before its turn, and one that ends while the list is read hides others from that reading.
    /// Those that are held stay counted. So when all in the list were held before it was read, and the kernel counts as many, nobody else is there.
    /// </remarks>
    public static void HoldAll(int process, Func<int, bool> tryHold)
    {
        List<int> listed = [];
        HashSet<int> held = [];
        bool isWhole;
        do
        {
            Read(process, listed);
            isWhole = listed.Count == ProcessStatus.Read(process).Threads;
            foreach (int thread in listed)
            {
                if (!held.Contains(thread))
                {
                    isWhole = false;
                    if (tryHold(thread))
                    {
                        held.Add(thread);
                    }
                }
            }
        }
        while (!isWhole);
    }

    /// <summary>Replaces what is in <paramref name="into"/>; empty when there is no such process.</summary>
    public static void Read(int process, List<int> into)
    {
        into.Clear();
        int directory = ProcFile.Open(process, "task", Libc.OpenReadOnly | Libc.OpenDirectory);
        if (directory < 0)
        {
            return;
        }

        byte[] buffer = new byte[32 * 1024];
        fixed (byte* start = buffer)
        {
            long length;
            while ((length = Libc.GetDents(directory, start, buffer.Length)) > 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, (int)length);
                while (!rest.IsEmpty)
                {
                    // struct linux_dirent64: inode, offset, length of the record, type, name.
                    if (Utf8Parser.TryParse(rest[NameOffset..], out int thread, out _))
                    {
                        into.Add(thread);
                    }

                    rest = rest[BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthOffset..])..];
                }
            }
        }

        Libc.Close(directory);
    }
}
