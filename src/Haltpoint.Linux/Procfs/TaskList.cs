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
