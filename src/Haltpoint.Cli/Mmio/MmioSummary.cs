using System;
using System.Collections.Generic;
using System.Linq;
using Haltpoint.Records;

namespace Haltpoint.Cli.Mmio;

/// <summary>Checks a log against itself, and counts what it holds by mapping, register and instruction.</summary>
internal sealed class MmioSummary : IMmioSink
{
    /// <summary>How many problems are kept for the person; all are counted.</summary>
    public const int MostProblems = 20;

    private const int MostRegisters = 1 << 20;

    private readonly Dictionary<int, MmioMapping> _open = [];
    private readonly List<MmioMapping> _mappings = [];
    private readonly Dictionary<(int Mapping, ulong Physical), MmioTally> _registers = [];
    private readonly Dictionary<ulong, MmioTally> _sites = [];
    private readonly List<MmioDevice> _devices = [];
    private readonly List<(long Line, string Text)> _problems = [];
    private readonly List<(long Line, long Time, string Text)> _marks = [];
    private long _lastTime;
    private bool _hasBegun;

    public IReadOnlyList<MmioMapping> Mappings => _mappings;

    public IReadOnlyList<MmioDevice> Devices => _devices;

    public IReadOnlyList<(long Line, string Text)> Problems => _problems;

    public IReadOnlyList<(long Line, long Time, string Text)> Marks => _marks;

    public int ProblemCount { get; private set; }

    public long Lost { get; private set; }

    /// <summary>Lines whose time is before that of the line above: Linux writes the buffers of several CPUs so.</summary>
    public long OutOfOrder { get; private set; }

    public MmioTally All { get; } = new();

    /// <summary>Microseconds.</summary>
    public long FirstTime { get; private set; }

    public long EndTime { get; private set; }

    public int RegisterCount => _registers.Count;

    public int SiteCount => _sites.Count;

    /// <summary>Called for each access with the mapping it belongs to, null when the log names none.</summary>
    public Action<MmioEntry, MmioMapping?>? Seen { get; init; }

    public Action<MmioMapping>? Mapped { get; init; }

    public IEnumerable<((int Mapping, ulong Physical) Place, MmioTally Tally)> Registers =>
        _registers.OrderByDescending(r => r.Value.Count).ThenBy(r => r.Key.Physical).Select(r => (r.Key, r.Value));

    public IEnumerable<(ulong ProgramCounter, MmioTally Tally)> Sites =>
        _sites.OrderByDescending(s => s.Value.Count).ThenBy(s => s.Key).Select(s => (s.Key, s.Value));

    public void AddDevice(MmioDevice device) => _devices.Add(device);

    public void AddLost(long count, long line)
    {
        Lost += count;
        _marks.Add((line, _lastTime, $"{count} events lost"));
    }

    public void AddProblem(long line, string problem)
    {
        ProblemCount++;
        if (_problems.Count < MostProblems)
        {
            _problems.Add((line, problem));
        }
    }

    public void Add(in MmioEntry entry)
    {
        FirstTime = _hasBegun ? long.Min(FirstTime, entry.Time) : entry.Time;
        EndTime = long.Max(EndTime, entry.Time);
        OutOfOrder += _hasBegun && entry.Time < _lastTime ? 1 : 0;
        _lastTime = entry.Time;
        _hasBegun = true;
        switch (entry.Kind)
        {
            case TraceRecordKind.Map:
                AddMapping(entry);
                break;
            case TraceRecordKind.Unmap:
                RemoveMapping(entry);
                break;
            case TraceRecordKind.Mark:
                _marks.Add((entry.Line, entry.Time, entry.Text!));
                break;
            default:
                AddAccess(entry);
                break;
        }
    }

    private void AddMapping(in MmioEntry entry)
    {
        MmioMapping mapping = new(entry.MapId, entry.Physical, entry.Value, entry.Length);
        if (entry.Length == 0 || entry.Physical + entry.Length < entry.Physical)
        {
            AddProblem(entry.Line, $"mapping {entry.MapId} has no bytes");
        }

        int id = entry.MapId;
        if (_mappings.Any(m => m.Id == id))
        {
            AddProblem(entry.Line, $"mapping {entry.MapId} is there already: a number is never given twice");
            return;
        }

        mapping.Device = _devices.FirstOrDefault(d => d.Contains(mapping.Physical));
        _open.Add(entry.MapId, mapping);
        _mappings.Add(mapping);
        Mapped?.Invoke(mapping);
    }

    private void RemoveMapping(in MmioEntry entry)
    {
        // -1: one from before the trace began (G-40).
        if (!_open.Remove(entry.MapId, out MmioMapping? mapping) && entry.MapId != -1)
        {
            AddProblem(entry.Line, $"mapping {entry.MapId} is not there");
        }

        if (mapping is not null)
        {
            mapping.IsUnmapped = true;
        }
    }

    private void AddAccess(in MmioEntry entry)
    {
        if (!_open.TryGetValue(entry.MapId, out MmioMapping? mapping))
        {
            AddProblem(entry.Line, $"an access to mapping {entry.MapId}, which is not there");
        }
        else if (entry.Physical + (ulong)int.Max(entry.Width, 1) <= mapping.Physical 
            || (entry.Physical >= mapping.Physical && entry.Physical - mapping.Physical >= mapping.Length))
        {
            AddProblem(entry.Line, $"an access to 0x{entry.Physical:x}, outside of mapping {entry.MapId}");
        }

        All.Add(entry);
        mapping?.Tally.Add(entry);
        mapping?.Timeline.Add(entry.Time);
        (int, ulong) place = (entry.MapId, entry.Physical);
        if (_registers.Count < MostRegisters || _registers.ContainsKey(place))
        {
            Of(_registers, place).Add(entry);
        }

        if (_sites.Count < MostRegisters || _sites.ContainsKey(entry.ProgramCounter))
        {
            Of(_sites, entry.ProgramCounter).Add(entry);
        }

        Seen?.Invoke(entry, mapping);
    }

    private static MmioTally Of<TKey>(Dictionary<TKey, MmioTally> all, TKey key)
        where TKey : notnull
    {
        if (!all.TryGetValue(key, out MmioTally? tally))
        {
            tally = new MmioTally();
            all.Add(key, tally);
        }

        return tally;
    }
}
