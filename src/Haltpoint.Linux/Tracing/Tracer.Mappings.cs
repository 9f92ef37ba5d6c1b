using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Tracing;

// Which memory is traced, from the beginning and as it comes and goes.
internal sealed partial class Tracer
{
    private const int Mmap = 9;
    private const int Brk = 12;
    private const int Mremap = 25;
    private const int Shmat = 30;
    private const ulong Executable = 4; // PROT_EXEC
    private const ulong FirstError = unchecked((ulong)-4095);

    private static readonly int[] s_mappingCalls = [Mmap, Brk, Mremap, Shmat];

    private readonly List<MappingSink> _sinks = [];
    private readonly Dictionary<int, ProcessImage> _images = [];

    // Also those of programs that were there before an execve: records may still be explained by them.
    private readonly List<ProcessImage> _allImages = [];
    private int _lastId;

    // Where a started program stops for us: what is not found by then is in none of its libraries.
    private ulong _entry;

    private List<MappingSink> SinksOf(int process) => [.. _sinks.Where(s => s.Mapping.ProcessId == process)];

    private void ListenToMappings(int process) => PtraceSession.CatchSyscalls(Session.FindProcess(process)!, on: true, s_mappingCalls);

    private void AddImage(int process)
    {
        ProcessImage image = new(process, wantsReads: false);
        _allImages.Add(image);
        _images[process] = image;
        Records.Add(new TraceRecord { Kind = TraceRecordKind.Program, Process = process, Image = image });
    }

    /// <summary>Traces what is there of what is wanted and not traced yet.</summary>
    /// <exception cref="AccessTraceException">There is nothing, and there has to be.</exception>
    private void TraceAll(int process, bool isRequired)
    {
        if (_memory.Pattern is { } pattern)
        {
            TraceMatching(process, pattern, isRequired);
        }
        else if (!_sinks.Exists(s => s.Mapping.ProcessId == process))
        {
            TraceBytes(process, isRequired);
        }
    }

    private void TraceMatching(int process, MappingPattern pattern, bool isRequired)
    {
        MemoryMap map = MemoryMap.Read(process);
        TrappedSpace? trapped = Session.FindProcess(process)?.Space.PageTraps;
        bool isFound = false;
        string? refusal = null;
        foreach (Mapping mapping in map.Mappings)
        {
            if (!pattern.Matches(mapping) || trapped?.IsOurs(mapping.Start) == true
                || _sinks.Exists(s => s.Mapping.ProcessId == process && mapping.Start < s.Mapping.End && mapping.End > s.Mapping.Start))
            {
                continue;
            }

            if (TracedRanges.ReasonAgainst(mapping) is { } reason)
            {
                refusal ??= reason;
                continue;
            }

            isFound = true;
            string name = MappingPattern.NameOf(mapping);
            Trace(Describe(process, name, mapping, mapping.Start, mapping.End - mapping.Start) with { Origin = OriginOf(process, name, mapping.Start) }, isRequired);
        }

        if (isRequired && !isFound)
        {
            throw new AccessTraceException(refusal ?? TracedRanges.NoMatch(process, pattern.Text, map));
        }
    }

    /// <summary>A range or a variable.</summary>
    private void TraceBytes(int process, bool isRequired)
    {
        MemoryMap map = MemoryMap.Read(process);
        (string name, ulong start, ulong length) = (_memory.Text, _memory.Start, _memory.Length);
        string? problem = null;
        if (_memory.Symbol is { } symbol)
        {
            ProcessModules modules = _images[process].Modules;
            modules.Refresh();
            problem = TracedRanges.TryFindVariable(modules, symbol, out name, out start, out length);
        }

        problem ??= TracedRanges.ReasonAgainst(process, map, start, length);
        if (problem is not null)
        {
            if (isRequired)
            {
                throw new AccessTraceException(problem);
            }

            return;
        }

        _ = map.TryFind(start, out Mapping mapping);
        Trace(Describe(process, name, mapping, start, length), isRequired);
    }

    private TracedMapping Describe(int process, string name, Mapping mapping, ulong start, ulong length)
    {
        bool isDevice = MappingFlags.IsDevice(process, mapping);
        return new TracedMapping
        {
            Id = ++_lastId,
            ProcessId = process,
            Name = name,
            Start = start,
            Length = length,
            IsDevice = isDevice,
            PhysicalStart = isDevice && PhysicalAddresses.Of(process, mapping) is { } physical ? physical + (start - mapping.Start) : null,
        };
    }

    private ulong OriginOf(int process, string name, ulong start) =>
        _sinks.Find(s => s.Mapping.ProcessId == process && s.Mapping.Name == name && s.Mapping.End == start)?.Mapping.Origin ?? start;

    private void Trace(TracedMapping mapping, bool isRequired)
    {
        MappingSink sink = new(this, mapping);

        // Told before the first access can be.
        _sinks.Add(sink);
        Records.Add(new TraceRecord { Kind = TraceRecordKind.Mapped, Time = Now, Process = mapping.ProcessId, Mapping = mapping });
        bool allowsSkips = _memory.Pattern is not null;
        TargetStatus status = Session.AddProbe(mapping.ProcessId, mapping.Start, mapping.Length, _options.Access, sink, allowsSkips, out PageProbe? probe);
        if (status != TargetStatus.Ok)
        {
            string reason = $"{mapping.Name}: {Session.LastError}";
            Forget(sink);
            if (isRequired)
            {
                throw new AccessTraceException(reason);
            }

            Note(reason);
            return;
        }

        sink.Probe = probe;
        foreach (SkippedPages skipped in probe!.Skipped)
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"{mapping.Name} is not traced from 0x{skipped.Start:x} to 0x{skipped.End:x}: {skipped.Reason}"));
        }
    }

    private void Forget(MappingSink sink)
    {
        if (_sinks.Remove(sink))
        {
            Records.Add(new TraceRecord { Kind = TraceRecordKind.Unmapped, Time = Now, Process = sink.Mapping.ProcessId, Mapping = sink.Mapping });
        }
    }

    /// <summary>A system call that may have made a mapping is over; its thread is held.</summary>
    private void OnMappingCall(ThreadId thread, int number)
    {
        if (Session.Find(thread) is not { } tracee || !tracee.Registers.TryRead(UserRegister.Rax, out ulong result) || result >= FirstError)
        {
            return;
        }

        bool isCode = number == Mmap && tracee.Registers.TryRead(UserRegister.Rdx, out ulong protection) && (protection & Executable) != 0;
        if (isCode && MemoryMap.Read(thread.Process).TryFind(result, out Mapping code) && code.IsFile)
        {
            OnCode(thread.Process, code);
        }

        TraceAll(thread.Process, isRequired: false);
    }

    private void OnCode(int process, Mapping code)
    {
        if (_images.Any(i => i.Key != process && i.Value == _images[process]))
        {
            // So far it had the code that its parent has.
            AddImage(process);
        }
        else
        {
            Records.Add(new TraceRecord { Kind = TraceRecordKind.Code, Process = process, Code = code });
        }
    }

    private void StopAtEntry(int process)
    {
        _entry = EntryPoint.Of(process);
        if (_entry != 0)
        {
            Require(Session.Insert(Session.FindProcess(process)!, BreakpointKind.Software, _entry, 1, BreakpointActions.None));
        }
    }

    /// <summary>The program is loaded: a variable that is not found now is a mistake.</summary>
    private void OnEntry(int process)
    {
        Session.Remove(Session.FindProcess(process)!, BreakpointKind.Software, _entry, 1);
        _entry = 0;
        TraceAll(process, isRequired: true);
    }
}
