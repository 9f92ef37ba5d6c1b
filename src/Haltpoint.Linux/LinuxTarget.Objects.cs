using System;
using System.Globalization;
using System.IO;
using System.Text;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Objects;
using Haltpoint.Linux.Objects.OsData;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IObjects.
public readonly unsafe partial struct LinuxTarget
{
    public static bool HasObject(ObjectKind kind) => kind != ObjectKind.Threads;

    public static int ReadObject(ref LinuxTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, Span<byte> into)
    {
        ObjectPictures pictures = self._session.Pictures;
        if (offset == 0 || !pictures.Has(kind))
        {
            byte[]? picture = TakePicture(ref self, thread, kind, Encoding.UTF8.GetString(annex), out string refusal);
            if (picture is null)
            {
                self._session.Refuse(TargetStatus.NotFound, refusal);
                return -1;
            }

            pictures.Keep(kind, picture);
        }

        return pictures.Read(kind, offset, into);
    }

    public static int WriteObject(ref LinuxTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, ReadOnlySpan<byte> bytes)
    {
        byte[]? signal = null;
        string refusal = "only the signal information of a thread can be written";
        if (kind == ObjectKind.SignalInfo && self._session.Find(thread) is { } tracee)
        {
            signal = ReadSignalInfo(tracee, out refusal);
            if (signal is not null && offset + (ulong)bytes.Length > (ulong)signal.Length)
            {
                refusal = $"signal information has {signal.Length} bytes";
                signal = null;
            }

            if (signal is not null)
            {
                bytes.CopyTo(signal.AsSpan((int)offset));
                if (!TryWriteSignalInfo(tracee, signal))
                {
                    refusal = "the kernel refused the signal information";
                    signal = null;
                }
            }
        }

        if (signal is null)
        {
            self._session.Refuse(TargetStatus.NotFound, refusal);
            return -1;
        }

        return bytes.Length;
    }

    /// <summary>The program in the thread's address space.</summary>
    private static ProgramImage ProgramOf(Tracee tracee)
    {
        AddressSpace space = tracee.Process.Space;
        return space.Program ??= new ProgramImage(tracee.Thread, space.Memory);
    }

    private static byte[]? TakePicture(ref LinuxTarget self, ThreadId thread, ObjectKind kind, string annex, out string refusal)
    {
        refusal = "";
        if (kind == ObjectKind.OsData)
        {
            return OsDataTables.Read(annex);
        }

        if (kind == ObjectKind.ExecFile && annex.Length > 0)
        {
            return ReadExecFile(annex, out refusal);
        }

        if (self._session.Find(thread) is not { } tracee)
        {
            refusal = "there is no such thread";
            return null;
        }

        switch (kind)
        {
            case ObjectKind.Features:
                return Describe(tracee, annex, out refusal);
            case ObjectKind.Auxv:
                return ProgramOf(tracee).AuxiliaryVector.ToArray();
            case ObjectKind.ExecFile:
                return ReadExecFile(tracee.Thread.ToString("x", CultureInfo.InvariantCulture), out refusal);
            case ObjectKind.LibrariesSvr4:
                refusal = "the program has no place for a list of libraries";
                return LibraryList.Read(ProgramOf(tracee), annex);
            case ObjectKind.SignalInfo:
                return ReadSignalInfo(tracee, out refusal);
            default:
                refusal = "there is no such object";
                return null;
        }
    }

    private static byte[]? Describe(Tracee tracee, string annex, out string refusal)
    {
        refusal = "the only description is target.xml";
        if (annex != "target.xml")
        {
            return null;
        }

        RegisterLayout layout = tracee.Registers.MapFor(ProgramOf(tracee).Is64Bit).Layout;
        byte[] description = new byte[TargetDescription.Write(layout, [])];
        TargetDescription.Write(layout, description);
        return description;
    }

    /// <param name="process">In hexadecimal.</param>
    /// <param name="refusal">Why there is none.</param>
    private static byte[]? ReadExecFile(string process, out string refusal)
    {
        refusal = $"there is no process {process} (hexadecimal), or its program may not be seen";
        if (!int.TryParse(process, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }

        try
        {
            string? path = new FileInfo($"/proc/{number}/exe").LinkTarget;
            return path is null ? null : Encoding.UTF8.GetBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[]? ReadSignalInfo(Tracee tracee, out string refusal)
    {
        refusal = "the thread is not stopped at a signal";
        byte[] signal = new byte[SignalInfoLayout.Length];
        fixed (byte* start = signal)
        {
            if (!tracee.Ask(TraceRequest.GetSignalInfo, 0, start))
            {
                return null;
            }
        }

        if (!ProgramOf(tracee).Is64Bit)
        {
            byte[] small = new byte[SignalInfoLayout.Length];
            SignalInfoLayout.To32Bit(signal, small);
            return small;
        }

        return signal;
    }

    private static bool TryWriteSignalInfo(Tracee tracee, byte[] signal)
    {
        byte[] large = signal;
        if (!ProgramOf(tracee).Is64Bit)
        {
            large = new byte[SignalInfoLayout.Length];
            SignalInfoLayout.To64Bit(signal, large);
        }

        fixed (byte* start = large)
        {
            return tracee.Ask(TraceRequest.SetSignalInfo, 0, start);
        }
    }
}
