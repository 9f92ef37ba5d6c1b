using System;
using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Linux.Tracing;

/// <summary>Turns records into what a person reads: where in the source, by which thread, called by whom.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class TraceResolver(bool wantsStacks)
{
    private readonly Dictionary<int, ProcessImage> _images = [];
    private readonly StackCache _stacks = new(new Lazy<KernelSymbols>(KernelSymbols.Read));
    private readonly HashSet<int> _mappings = [];
    private long _accesses;
    private long _reads;
    private long _writes;

    public TraceSummary Summary => new(_accesses, _reads, _writes, _mappings.Count, 0);

    public void Resolve(IReadOnlyList<TraceRecord> records, List<TraceEntry> into)
    {
        foreach (TraceRecord record in records)
        {
            switch (record.Kind)
            {
                case TraceRecordKind.Program:
                    _images[record.Process] = record.Image!;
                    break;
                case TraceRecordKind.Code:
                    _images[record.Process].OnMapped(record.Code);
                    break;
                case TraceRecordKind.Access:
                    into.Add(new TraceEntry(record.Kind, record.Time, record.Mapping!, Explain(record)));
                    break;
                default:
                    _mappings.Add(record.Mapping!.Id);
                    into.Add(new TraceEntry(record.Kind, record.Time, record.Mapping!, default));
                    break;
            }
        }
    }

    private TracedAccess Explain(in TraceRecord record)
    {
        _accesses++;
        _reads += (record.Access & AccessKind.Read) != 0 ? 1 : 0;
        _writes += (record.Access & AccessKind.Write) != 0 ? 1 : 0;
        ProcessImage image = _images[record.Process];
        CodeFrame[] stack = record.Picture is { } picture
            ? _stacks.OfUser(image, picture.Registers, is32Bit: false, picture.Stack, record.Time, record.InstructionPointer)
            : image.Locate(record.InstructionPointer, record.Time);
        bool isCall = record.SystemCall >= 0;
        return new TracedAccess
        {
            Time = record.Time,
            Cpu = record.Cpu,
            ProcessId = record.Process,
            ThreadId = record.Thread,
            ThreadName = record.ThreadName!,
            Access = record.Access,
            Address = record.Address,
            Width = record.Width,
            Mapping = record.Mapping!,
            Value = record.Value,
            OldValue = record.OldValue,
            IsExact = record.IsExact,
            InstructionPointer = record.InstructionPointer,
            InstructionStart = record.InstructionStart,
            Location = isCall ? CallerNames.Nearest(stack) : stack[0],
            SystemCall = isCall ? NameOf(record.SystemCall) : null,
            Stack = wantsStacks ? stack : [],
        };
    }

    private static string NameOf(int systemCall) =>
        SystemCallTable.Find(CallAbi.X64, systemCall)?.Name ?? systemCall.ToString(CultureInfo.InvariantCulture);
}
