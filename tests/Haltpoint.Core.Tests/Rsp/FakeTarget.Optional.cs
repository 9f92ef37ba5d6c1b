using System;
using System.Collections.Generic;
using System.Text;
using Haltpoint.Targets;

namespace Haltpoint.Core.Tests.Rsp;

// The abilities that a target may leave out.
internal readonly partial struct FakeTarget
{
    public static bool CanManageProcesses => true;

    public static TargetStatus Run(ref FakeTarget self, ReadOnlySpan<byte> arguments)
    {
        self.Machine.Note($"run {self.Machine.Latin1(arguments).Replace('\0', '|')}");
        return self.Machine.Take();
    }

    public static TargetStatus Attach(ref FakeTarget self, int process)
    {
        self.Machine.Note($"attach {process:x}");
        return self.Machine.Take();
    }

    public static TargetStatus Detach(ref FakeTarget self, int process)
    {
        self.Machine.Note($"detach {process:x}");
        return End(self.Machine, process);
    }

    public static TargetStatus Kill(ref FakeTarget self, int process)
    {
        self.Machine.Note($"kill {process:x}");
        return End(self.Machine, process);
    }

    public static int WasAttached(ref FakeTarget self, int process) =>
        self.Machine.HasProcess(process) ? (process == FakeMachine.FirstProcess ? 0 : 1) : -1;

    public static TargetStatus SetStartupWithShell(ref FakeTarget self, bool on) => self.Machine.NoteAndTake($"shell {(on ? "on" : "off")}");

    public static TargetStatus SetDisableRandomization(ref FakeTarget self, bool on) => self.Machine.NoteAndTake($"randomization {(on ? "off" : "on")}");

    public static TargetStatus SetEnvironment(ref FakeTarget self, ReadOnlySpan<byte> assignment) => self.Machine.NoteAndTake($"environment {self.Machine.Latin1(assignment)}");

    public static TargetStatus ResetEnvironment(ref FakeTarget self) => self.Machine.NoteAndTake($"environment reset");

    public static TargetStatus SetWorkingDirectory(ref FakeTarget self, ReadOnlySpan<byte> path) => self.Machine.NoteAndTake($"directory {self.Machine.Latin1(path)}");

    public static bool HasMemoryMap => true;

    public static bool TryGetRegion(ref FakeTarget self, ThreadId thread, ulong address, out MemoryRegion region, Span<byte> name, out int nameLength)
    {
        ulong end = FakeMachine.MemoryStart + (ulong)self.Machine.Memory.Length;
        region = address < FakeMachine.MemoryStart ? new MemoryRegion { End = FakeMachine.MemoryStart }
            : address >= end ? new MemoryRegion { Start = end }
            : new MemoryRegion { Start = FakeMachine.MemoryStart, End = end, IsMapped = true, CanRead = true, CanWrite = true };
        nameLength = region.IsMapped ? Copy("/link", name) : 0;
        return true;
    }

    public static ReadOnlySpan<byte> Triple(ref FakeTarget self, int process) => "x86_64-pc-fake"u8;

    public static int AddressLength(ref FakeTarget self, int process) => 8;

    public static ulong LinkerDataLocation(ref FakeTarget self, ThreadId thread) => 0x1238;

    public static void PrintToConsole(ref FakeTarget self, ReadOnlySpan<byte> text) => self.Machine.Note($"{self.Machine.Latin1(text)}");

    public static bool CanPassSignals => true;

    public static bool CanReportForks => true;

    public static bool CanReportExecs => true;

    public static bool CanReportThreads => true;

    public static bool CanReportNoResumed => true;

    public static bool CanCatchSyscalls => true;

    public static void SetForkEvents(ref FakeTarget self, bool forks, bool vforks) => self.Machine.Note($"forks {forks} vforks {vforks}");

    public static void SetExecEvents(ref FakeTarget self, bool on) => self.Machine.Note($"execs {on}");

    public static TargetStatus SetThreadEvents(ref FakeTarget self, bool on) => self.Machine.NoteAndTake($"thread-events {(on ? "on" : "off")}");

    public static void SetNoResumedEvents(ref FakeTarget self, bool on) => self.Machine.Note($"no-resumed {on}");

    public static TargetStatus SetPassedSignals(ref FakeTarget self, ReadOnlySpan<ulong> signals) => self.Machine.NoteAndTake($"pass {Bits(signals)}");

    public static TargetStatus SetProgramSignals(ref FakeTarget self, ReadOnlySpan<ulong> signals) => self.Machine.NoteAndTake($"program-signals {Bits(signals)}");

    public static TargetStatus CatchSyscalls(ref FakeTarget self, ThreadId thread, bool on, ReadOnlySpan<int> numbers) =>
        self.Machine.NoteAndTake($"catch-syscalls {(on ? "on" : "off")} {string.Join(',', numbers.ToArray())}");

    public static bool HasObject(ObjectKind kind) => true;

    public static int ReadObject(ref FakeTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, Span<byte> into)
    {
        if (!self.Machine.Objects.TryGetValue((kind, self.Machine.Latin1(annex)), out byte[]? data))
        {
            return -1;
        }

        return Slice(data, offset, into);
    }

    public static int WriteObject(ref FakeTarget self, ThreadId thread, ObjectKind kind, ReadOnlySpan<byte> annex, ulong offset, ReadOnlySpan<byte> bytes)
    {
        self.Machine.Note($"write {kind} {offset:x} {Convert.ToHexStringLower(bytes)}");
        return self.Machine.Take() == TargetStatus.Ok ? bytes.Length : -1;
    }

    public static bool HasFiles => true;

    public static int SetFileSystem(ref FakeTarget self, int process)
    {
        self.Machine.Note($"file-system {process:x}");
        return 0;
    }

    public static int OpenFile(ref FakeTarget self, ReadOnlySpan<byte> path, int flags, int mode)
    {
        string name = self.Machine.Latin1(path);
        self.Machine.Note($"open {name} {flags:x} {mode:x}");
        return self.Machine.OpenFile(name, makes: (flags & 0x200) != 0);
    }

    public static int CloseFile(ref FakeTarget self, int file) => self.Machine.OpenFiles.Remove(file) ? 0 : -9;

    public static int ReadFile(ref FakeTarget self, int file, ulong offset, Span<byte> into) =>
        self.Machine.OpenFiles.TryGetValue(file, out List<byte>? content)
            ? Slice(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(content), offset, into)
            : -9;

    public static int WriteFile(ref FakeTarget self, int file, ulong offset, ReadOnlySpan<byte> bytes)
    {
        self.Machine.Note($"write-file {file:x} {offset:x} {Convert.ToHexStringLower(bytes)}");
        return self.Machine.OpenFiles.ContainsKey(file) ? bytes.Length : -9;
    }

    public static int StatFile(ref FakeTarget self, int file, Span<byte> into) =>
        self.Machine.OpenFiles.TryGetValue(file, out List<byte>? content) ? Stat(content.Count, into) : -9;

    public static int StatPath(ref FakeTarget self, ReadOnlySpan<byte> path, Span<byte> into) =>
        self.Machine.Files.TryGetValue(self.Machine.Latin1(path), out List<byte>? file) ? Stat(file.Count, into) : -2;

    public static int UnlinkFile(ref FakeTarget self, ReadOnlySpan<byte> path) => self.Machine.Files.Remove(self.Machine.Latin1(path)) ? 0 : -2;

    public static int ReadLink(ref FakeTarget self, ReadOnlySpan<byte> path, Span<byte> into) =>
        self.Machine.Latin1(path) == "/proc/self/exe" ? Copy("/bin/program", into) : -22;

    public static bool CanLocate => true;

    public static TargetStatus LocateThreadLocal(ref FakeTarget self, ThreadId thread, ulong offset, ulong linkMap, out ulong address)
    {
        self.Machine.Note($"locate {FakeMachine.Text(thread)} {offset:x} {linkMap:x}");
        address = 0x7000_0000 + offset;
        return self.Machine.Take();
    }

    public static bool HasMonitor => true;

    public static TargetStatus RunMonitor(ref FakeTarget self, ThreadId thread, ReadOnlySpan<byte> command)
    {
        self.Machine.MonitorPosition = 0;
        return self.Machine.NoteAndTake($"monitor {self.Machine.Latin1(command)}");
    }

    public static int ReadMonitorOutput(ref FakeTarget self, Span<byte> into)
    {
        int read = Slice(self.Machine.MonitorOutput, (ulong)self.Machine.MonitorPosition, into);
        self.Machine.MonitorPosition += read;
        return read;
    }


    private static TargetStatus End(FakeMachine machine, int process)
    {
        if (!machine.HasProcess(process))
        {
            return TargetStatus.NoSuchProcess;
        }

        machine.RemoveProcess(process);
        return machine.Take();
    }

    private static int Slice(ReadOnlySpan<byte> data, ulong offset, Span<byte> into)
    {
        if (offset >= (ulong)data.Length)
        {
            return 0;
        }

        int length = Math.Min(into.Length, data.Length - (int)offset);
        data.Slice((int)offset, length).CopyTo(into);
        return length;
    }

    // st_size is at 28, eight bytes (gdb manual, "struct stat").
    private static int Stat(int size, Span<byte> into)
    {
        into[..IFiles<FakeTarget>.StatLength].Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(into[28..], size);
        return IFiles<FakeTarget>.StatLength;
    }

    private static string Bits(ReadOnlySpan<ulong> words)
    {
        List<int> set = [];
        for (int i = 0; i < words.Length * 64; i++)
        {
            if ((words[i / 64] >> (i % 64) & 1) != 0)
            {
                set.Add(i);
            }
        }

        return string.Join(',', set);
    }
}
