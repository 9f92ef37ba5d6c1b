using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Procfs;

namespace Haltpoint.Linux.Ptrace;

/// <summary>The memory of a process as it is, through /proc/PID/mem: read-only pages can be written too.</summary>
/// <remarks>The file belongs to the address space that was there when it was opened: after execve another has to be opened.</remarks>
internal sealed unsafe class ProcessMemory : IDisposable
{
    private int _file;

    private ProcessMemory(int file) => _file = file;

    /// <summary>Knows which pages are kept elsewhere; null when none is.</summary>
    public TrappedSpace? Traps { get; set; }

    /// <summary>Through any live thread: a first thread that has ended has no memory any more, its process still has.</summary>
    public static ProcessMemory? Open(int thread)
    {
        int file = ProcFile.Open(thread, "mem", Libc.OpenReadWrite);
        return file < 0 ? null : new ProcessMemory(file);
    }

    /// <returns>Bytes read from the start; 0 when nothing can be.</returns>
    public int Read(ulong address, Span<byte> into)
    {
        int done = 0;
        fixed (byte* start = into)
        {
            while (done < into.Length)
            {
                ulong length = (ulong)(into.Length - done);
                ulong place = Locate(address + (ulong)done, ref length);
                nint step = Libc.PRead(_file, start + done, (nuint)length, (long)place);
                if (step <= 0)
                {
                    if (step < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                    {
                        continue;
                    }

                    break;
                }

                done += (int)step;
            }
        }

        return done;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        int done = 0;
        fixed (byte* start = bytes)
        {
            while (done < bytes.Length)
            {
                ulong length = (ulong)(bytes.Length - done);
                ulong place = Locate(address + (ulong)done, ref length);
                nint step = Libc.PWrite(_file, start + done, (nuint)length, (long)place);
                if (step <= 0)
                {
                    if (step < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                    {
                        continue;
                    }

                    return false;
                }

                done += (int)step;
            }
        }

        return true;
    }

    private ulong Locate(ulong address, ref ulong length) => Traps is null ? address : Traps.Locate(address, ref length);

    public void Dispose()
    {
        if (_file >= 0)
        {
            Libc.Close(_file);
            _file = -1;
        }
    }
}
