using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Haltpoint.Breakpoints;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>What stands behind a <see cref="FakeTarget"/>: processes, threads, memory and files made of nothing, and a log of what was asked.</summary>
internal sealed class FakeMachine
{
    public const ulong MemoryStart = 0x1000;
    public const int RegisterCount = 18;

    /// <summary>A register that never has a value.</summary>
    public const int AbsentRegister = 17;
    public const int FirstProcess = 0x10;

    /// <summary>Memory from <see cref="MemoryStart"/> on; a byte is the low byte of its address until it is written.</summary>
    public byte[] Memory { get; } = new byte[0x3000];

    public List<FakeThread> Threads { get; } = [];

    public Queue<StopEvent> Stops { get; } = [];

    public HashSet<string> DisabledPackets { get; } = [];

    public Dictionary<string, List<byte>> Files { get; } = [];

    public Dictionary<int, List<byte>> OpenFiles { get; } = [];

    public Dictionary<(ObjectKind Kind, string Annex), byte[]> Objects { get; } = [];

    public byte[] MonitorOutput { get; set; } = [];

    public int MonitorPosition { get; set; }

    /// <summary>The program that an exec started.</summary>
    public string ExecPath { get; set; } = "";

    /// <summary>What was asked of the target since the log was cleared, in the words of the transcripts; null asks for none.</summary>
    public List<string>? Log { get; set; } = [];

    /// <summary>Bytes that the machine itself allocated, in the few places where it makes something.</summary>
    public long OwnAllocations { get; private set; }

    public TargetStatus NextStatus { get; set; }

    public string ErrorText { get; set; } = "";

    public FakeMachine()
    {
        for (int i = 0; i < Memory.Length; i++)
        {
            Memory[i] = (byte)(MemoryStart + (ulong)i);
        }

        AddThread(new ThreadId(FirstProcess, FirstProcess));
        AddThread(new ThreadId(FirstProcess, FirstProcess + 1));
        Objects[(ObjectKind.Features, "target.xml")] = "<target>#</target>"u8.ToArray();
        Objects[(ObjectKind.Auxv, "")] = [1, 2, (byte)'#', (byte)'$', (byte)'}', (byte)'*', 3];
        Objects[(ObjectKind.ExecFile, "10")] = "/bin/program"u8.ToArray();
        Objects[(ObjectKind.LibrariesSvr4, "start=1000;prev=0")] = "<library-list-svr4/>"u8.ToArray();
        Objects[(ObjectKind.SignalInfo, "")] = [5, 0, 0, 0];
        Objects[(ObjectKind.OsData, "processes")] = "<osdata/>"u8.ToArray();
        Files["/etc/motd"] = [.. "hello\n#$}*\n"u8];
    }

    public void AddThread(ThreadId id) => Threads.Add(new FakeThread(id, Threads.Count));

    public FakeThread? Find(ThreadId id)
    {
        foreach (FakeThread thread in Threads)
        {
            if (thread.Id.Is(id))
            {
                return thread;
            }
        }

        return null;
    }

    public bool HasProcess(int process)
    {
        foreach (FakeThread thread in Threads)
        {
            if (thread.Id.Process == process)
            {
                return true;
            }
        }

        return false;
    }

    public void RemoveProcess(int process)
    {
        for (int i = Threads.Count - 1; i >= 0; i--)
        {
            if (Threads[i].Id.Process == process)
            {
                Threads.RemoveAt(i);
            }
        }
    }

    public void Note([InterpolatedStringHandlerArgument("")] NoteText text) => Log?.Add(text.ToString());

    public TargetStatus NoteAndTake([InterpolatedStringHandlerArgument("")] NoteText text)
    {
        Note(text);
        return Take();
    }

    /// <summary>The status that the transcript asked for, once.</summary>
    public TargetStatus Take()
    {
        TargetStatus status = NextStatus;
        NextStatus = TargetStatus.Ok;
        return status;
    }

    public string Latin1(ReadOnlySpan<byte> bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string text = System.Text.Encoding.Latin1.GetString(bytes);
        OwnAllocations += GC.GetAllocatedBytesForCurrentThread() - before;
        return text;
    }

    /// <returns>The file's number, or -2 when there is none and it is not to be made.</returns>
    public int OpenFile(string name, bool makes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        if (!Files.TryGetValue(name, out List<byte>? content))
        {
            if (!makes)
            {
                return -2;
            }

            content = [];
            Files[name] = content;
        }

        int file = OpenFiles.Count + 3;
        OpenFiles[file] = content;
        OwnAllocations += GC.GetAllocatedBytesForCurrentThread() - before;
        return file;
    }

    public static string Text(ThreadId thread) => $"{Text(thread.Process)}.{Text(thread.Thread)}";

    public static string Text(BreakpointKind kind) => kind switch
    {
        BreakpointKind.Software => "software",
        BreakpointKind.Hardware => "hardware",
        BreakpointKind.WriteWatch => "write-watch",
        BreakpointKind.ReadWatch => "read-watch",
        _ => "access-watch",
    };

    public static string Text(string before, ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "" : before + Convert.ToHexStringLower(bytes);

    private static string Text(int number) => number < 0 ? "all" : number.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}
