using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Perf;

/// <summary>One perf event and its descriptor.</summary>
/// <remarks>Closing it gives its slot back, and those that threads inherited from it.</remarks>
internal sealed unsafe class PerfEvent : IDisposable
{
    private const nint CloseOnExec = 8;
    private const nuint EnableRequest = 0x2400;
    private const nuint DisableRequest = 0x2401;
    private const nuint SetOutputRequest = 0x2405;
    private const nuint IdRequest = 0x80082407;
    private const nuint ModifyAttributesRequest = 0x4008240B;

    private readonly SafeFileHandle _handle;

    private PerfEvent(int fd, int thread, int cpu)
    {
        _handle = new SafeFileHandle(fd, ownsHandle: true);
        Fd = fd;
        Thread = thread;
        Cpu = cpu;
    }

    /// <summary>Valid until <see cref="Dispose"/>.</summary>
    public int Fd { get; }

    /// <summary>The thread it belongs to, or -1 for whatever runs on <see cref="Cpu"/>.</summary>
    public int Thread { get; }

    /// <summary>The only CPU it counts on, or -1 for every CPU.</summary>
    public int Cpu { get; }

    public static PerfStatus TryOpen(in PerfEventAttr attr, int thread, int cpu, out PerfEvent? opened)
    {
        PerfEventAttr request = attr;
        request.Size = (uint)sizeof(PerfEventAttr);
        int fd = Libc.PerfEventOpen(&request, thread, cpu, -1, CloseOnExec);
        if (fd < 0)
        {
            opened = null;
            return PerfStatuses.OfLastError();
        }

        opened = new PerfEvent(fd, thread, cpu);
        return PerfStatus.Ok;
    }

    /// <summary>Lets it and what was inherited from it count. An event whose thread ended stays silent without an error.</summary>
    public PerfStatus Enable() => Control(EnableRequest, 0);

    /// <summary>After this returns no CPU adds a record or a count.</summary>
    public PerfStatus Disable() => Control(DisableRequest, 0);

    /// <summary>Sends its records to the ring of <paramref name="owner"/>, which must be bound to the same CPU.</summary>
    public PerfStatus Redirect(PerfEvent owner) => Control(SetOutputRequest, owner.Fd);

    /// <summary>Moves it to another address, length or access without giving its slot back .</summary>
    public PerfStatus Modify(in PerfEventAttr attr)
    {
        PerfEventAttr request = attr;
        request.Size = (uint)sizeof(PerfEventAttr);
        return Control(ModifyAttributesRequest, (nint)(&request));
    }

    /// <summary>The identity that its samples and those of inherited events carry.</summary>
    public ulong ReadId()
    {
        ulong id;
        return Control(IdRequest, (nint)(&id)) == PerfStatus.Ok ? id : 0;
    }

    /// <summary>Hits so far, those of inherited events included, whether or not their records fitted a ring.</summary>
    public ulong ReadCount()
    {
        ulong count;
        return Libc.Read(Fd, &count, sizeof(ulong)) == sizeof(ulong) ? count : 0;
    }

    public void Dispose() => _handle.Dispose();

    private PerfStatus Control(nuint request, nint argument) =>
        Libc.Ioctl(Fd, request, argument) >= 0 ? PerfStatus.Ok : PerfStatuses.OfLastError();
}
