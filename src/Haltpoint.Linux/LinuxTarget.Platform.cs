using System;
using System.Text;
using Haltpoint.Linux.Objects;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Symbols;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IPlatform and IMemoryMap.
public readonly partial struct LinuxTarget
{
    public static bool HasMemoryMap => true;

    public static ReadOnlySpan<byte> Triple(ref LinuxTarget self, int process) =>
        AddressLength(ref self, process) == sizeof(ulong) ? "x86_64-pc-linux-gnu"u8 : "i386-pc-linux-gnu"u8;

    public static int AddressLength(ref LinuxTarget self, int process) =>
        self._session.Find(new ThreadId(process, process)) is { } tracee ? ProgramOf(tracee).WordLength : sizeof(ulong);

    public static ulong LinkerDataLocation(ref LinuxTarget self, ThreadId thread) =>
        self._session.Find(thread) is { } tracee && Rendezvous.TryFindPointer(ProgramOf(tracee), out ulong address) ? address : 0;

    public static bool TryGetRegion(ref LinuxTarget self, ThreadId thread, ulong address, out MemoryRegion region, Span<byte> name, out int nameLength)
    {
        region = default;
        nameLength = 0;
        if (self._session.Find(thread) is not { } tracee)
        {
            return false;
        }

        foreach (Mapping mapping in MemoryMap.Read(tracee.Thread).Mappings)
        {
            if (address < mapping.Start)
            {
                region.End = mapping.Start;
                return true;
            }

            if (mapping.Contains(address))
            {
                region = new MemoryRegion
                {
                    Start = mapping.Start,
                    End = mapping.End,
                    IsMapped = true,
                    CanRead = mapping.IsReadable,
                    CanWrite = mapping.IsWritable,
                    CanExecute = mapping.IsExecutable,
                };
                return Encoding.UTF8.TryGetBytes(mapping.Path, name, out nameLength) || nameLength == 0;
            }

            region.Start = mapping.End;
        }

        return true;
    }
}
