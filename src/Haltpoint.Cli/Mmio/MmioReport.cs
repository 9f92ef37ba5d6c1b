using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Haltpoint.Breakpoints;
using Haltpoint.Cli.Trace.Report;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;
using TraceRecordKind = Haltpoint.Records.TraceRecordKind;

namespace Haltpoint.Cli.Mmio;

/// <summary><c>--report</c>: the page that <c>haltpoint trace</c> makes, of a log.</summary>
internal sealed class MmioReport(Stream output, string title)
{
    private readonly HtmlReport _page = new(output, title);
    private readonly Dictionary<int, TracedMapping> _mappings = [];
    private readonly Dictionary<ulong, CodeFrame> _places = [];

    public void Map(MmioMapping mapping)
    {
        TracedMapping traced = new()
        {
            Id = mapping.Id,
            ProcessId = 0,
            Name = mapping.Device?.Name ?? $"mapping {mapping.Id}",
            Start = mapping.Address,
            Length = mapping.Length,
            IsDevice = true,
            PhysicalStart = mapping.Physical,
        };
        _mappings.Add(mapping.Id, traced);
        _page.Map(traced, 0);
    }

    public void Add(MmioEntry entry, MmioMapping? mapping)
    {
        if (mapping is null || !_mappings.TryGetValue(mapping.Id, out TracedMapping? traced))
        {
            return;
        }

        Span<byte> value = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(value, entry.Value);
        _page.Write(new TracedAccess
        {
            Time = entry.Time * 1000,
            Cpu = -1,
            ProcessId = entry.Process,
            ThreadId = entry.Process,
            ThreadName = "kernel",
            Access = entry.Kind == TraceRecordKind.Write ? AccessKind.Write : AccessKind.Read,
            Address = mapping.Address + (entry.Physical - mapping.Physical),
            Width = entry.Width,
            Mapping = traced,
            Value = new AccessValue(value[..entry.Width]),
            IsExact = true,
            InstructionPointer = entry.ProgramCounter,
            Location = PlaceOf(entry.ProgramCounter),
            Stack = [],
        });
    }

    public void Finish(MmioSummary summary) =>
        _page.Finish(new TraceSummary(summary.All.Count, summary.All.Reads, summary.All.Writes, summary.Mappings.Count, summary.Lost));

    private CodeFrame PlaceOf(ulong programCounter)
    {
        if (!_places.TryGetValue(programCounter, out CodeFrame? place))
        {
            place = CodeFrame.Unknown(programCounter);
            _places.Add(programCounter, place);
        }

        return place;
    }
}
