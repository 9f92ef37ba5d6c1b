using Haltpoint.Breakpoints;

namespace Haltpoint.PageTraps;

/// <summary>The probes of one address space, and the pages that are armed for them.</summary>
/// <remarks>
/// The table decides and its owner acts: after a change it asks which pages are missing or no longer needed, arms or disarms them, and
/// tells the table what it really did. Rules:
/// <list type="number">
/// <item>All ranges are half-open. Probes may overlap each other in any way; a page is needed as long as any probe has a byte in it.</item>
/// <item>Armed runs are sorted, consist of whole pages and never overlap, so a page is armed once however many probes need it (G-3).</item>
/// <item>A page may be needed and not armed: nothing is mapped there, or the target refused. It is offered again with every
/// <see cref="TryFindMissing"/>.</item>
/// <item>A disarmed run is remembered until no thread can be between its fault and the report of it: such a fault is ours, and taken
/// for the program's own it would end the program (G-30). A thread's stamp is <see cref="Stamp"/> at the time it was last let run;
/// what was disarmed later is news to it.</item>
/// </list>
/// Live processes and the ring-0 trace of device registers use the same table; what is in <see cref="TrappedRun.Home"/> is each target's own.
/// Not thread-safe. Memory is the caller's, fixed in place for as long as the table lives.
/// </remarks>
public unsafe struct PageTrapTable
{
    private readonly Probe* _probes;
    private readonly TrappedRun* _runs;
    private readonly DepartedRun* _departed;
    private readonly int _probeCapacity;
    private readonly int _runCapacity;
    private readonly int _departedCapacity;
    private readonly ulong _pageMask;
    private int _probeCount;
    private int _runCount;
    private int _departedCount;
    private int _lastId;

    public PageTrapTable(
        Probe* probes, int probeCapacity, TrappedRun* runs, int runCapacity, DepartedRun* departed, int departedCapacity, ulong pageSize)
    {
        _probes = probes;
        _probeCapacity = probeCapacity;
        _runs = runs;
        _runCapacity = runCapacity;
        _departed = departed;
        _departedCapacity = departedCapacity;
        _pageMask = pageSize - 1;
    }

    /// <summary>Grows with every run that is disarmed.</summary>
    public ulong Stamp { get; private set; }

    /// <summary>Differs after every change to what is armed.</summary>
    public ulong Version { get; private set; }

    public readonly int ProbeCount => _probeCount;

    public readonly int RunCount => _runCount;

    /// <summary>Sorted by address.</summary>
    public readonly TrappedRun RunAt(int index) => _runs[index];

    public readonly Probe ProbeAt(int index) => _probes[index];

    /// <summary>Takes a request; arms nothing.</summary>
    public PageTrapStatus AddProbe(ulong start, ulong length, AccessKind access, out int id)
    {
        id = 0;
        ulong end = start + length;
        if (length == 0 || end < start || PageEnd(end) < end)
        {
            return PageTrapStatus.BadRange;
        }

        if (access == AccessKind.None || (access & ~AccessKind.ReadWrite) != 0)
        {
            return PageTrapStatus.BadAccess;
        }

        if (_probeCount == _probeCapacity)
        {
            return PageTrapStatus.Full;
        }

        id = ++_lastId;
        _probes[_probeCount++] = new Probe { Start = start, End = end, Access = access, Id = id };
        return PageTrapStatus.Ok;
    }

    /// <summary>Takes a request back; disarms nothing.</summary>
    public PageTrapStatus RemoveProbe(int id)
    {
        for (int i = 0; i < _probeCount; i++)
        {
            if (_probes[i].Id == id)
            {
                _probeCount--;
                for (; i < _probeCount; i++)
                {
                    _probes[i] = _probes[i + 1];
                }

                return PageTrapStatus.Ok;
            }
        }

        return PageTrapStatus.NotFound;
    }

    /// <summary>The next pages from <paramref name="from"/> on that a probe needs and that are not armed.</summary>
    public readonly bool TryFindMissing(ulong from, out ulong start, out ulong end)
    {
        start = from & ~_pageMask;
        while (TryFindNeeded(start, out start, out end))
        {
            int run = FirstRunEndingAfter(start);
            if (run == _runCount || _runs[run].Start >= end)
            {
                return true;
            }

            if (_runs[run].Start > start)
            {
                end = _runs[run].Start;
                return true;
            }

            start = _runs[run].End;
        }

        end = 0;
        return false;
    }

    /// <summary>The next pages from <paramref name="from"/> on that are armed and that no probe needs; all within one run.</summary>
    public readonly bool TryFindUnneeded(ulong from, out TrappedRun piece)
    {
        for (int i = FirstRunEndingAfter(from); i < _runCount; i++)
        {
            piece = _runs[i];
            ulong start = piece.Start > from ? piece.Start : from;
            while (start < piece.End)
            {
                if (!TryFindNeeded(start, out ulong needed, out ulong neededEnd) || needed >= piece.End)
                {
                    piece.Start = start;
                    return true;
                }

                if (needed > start)
                {
                    piece.Start = start;
                    piece.End = needed;
                    return true;
                }

                start = neededEnd;
            }
        }

        piece = default;
        return false;
    }

    /// <summary>The pages were armed.</summary>
    public PageTrapStatus Arm(ulong start, ulong end, ulong home)
    {
        if (start >= end || ((start | end) & _pageMask) != 0)
        {
            return PageTrapStatus.BadRange;
        }

        int at = FirstRunEndingAfter(start);
        if (at < _runCount && _runs[at].Start < end)
        {
            return PageTrapStatus.Overlaps;
        }

        if (_runCount == _runCapacity)
        {
            return PageTrapStatus.Full;
        }

        Version++;
        OpenGap(at);
        _runs[at] = new TrappedRun { Start = start, End = end, Home = home };
        return PageTrapStatus.Ok;
    }

    /// <summary>The pages, all in one run, are as they were before they were armed, or gone.</summary>
    /// <returns>Full when the run would have to be split and there is no room: nothing has changed then, and nothing may be done.</returns>
    public PageTrapStatus Disarm(ulong start, ulong end)
    {
        int at = FirstRunEndingAfter(start);
        if (at == _runCount || _runs[at].Start > start || _runs[at].End < end || start >= end || ((start | end) & _pageMask) != 0)
        {
            return PageTrapStatus.NotFound;
        }

        Version++;
        TrappedRun run = _runs[at];
        if (run.Start < start && run.End > end)
        {
            if (_runCount == _runCapacity)
            {
                return PageTrapStatus.Full;
            }

            OpenGap(at);
            _runs[at].End = start;
            _runs[at + 1].Start = end;
        }
        else if (run.Start < start)
        {
            _runs[at].End = start;
        }
        else if (run.End > end)
        {
            _runs[at].Start = end;
        }
        else
        {
            _runCount--;
            for (int i = at; i < _runCount; i++)
            {
                _runs[i] = _runs[i + 1];
            }
        }

        Depart(start, end);
        return PageTrapStatus.Ok;
    }

    /// <summary>Whether there is room for one more run, which disarming a part of one may need.</summary>
    public readonly bool HasRoom => _runCount < _runCapacity;

    /// <summary>The pages of the run at the address are back for a while, or away again.</summary>
    public bool SetOpen(ulong address, bool isOpen)
    {
        int at = FirstRunEndingAfter(address);
        if (at == _runCount || !_runs[at].Contains(address))
        {
            return false;
        }

        Version++;
        _runs[at].IsOpen = isOpen;
        return true;
    }

    /// <summary>The armed run that holds the address.</summary>
    public readonly bool TryFindRun(ulong address, out TrappedRun run) =>
        TryFindRun(address, 1, out run) && run.Start <= address;

    /// <summary>The first armed run with a byte in the range.</summary>
    public readonly bool TryFindRun(ulong start, ulong length, out TrappedRun run)
    {
        int at = FirstRunEndingAfter(start);
        run = at < _runCount ? _runs[at] : default;
        return at < _runCount && (run.Start <= start || run.Start - start < length);
    }

    /// <summary>Whose a fault at the address is, for a thread that was let run at <paramref name="stamp"/>.</summary>
    public readonly FaultVerdict Judge(ulong address, ulong stamp)
    {
        if (TryFindRun(address, out TrappedRun run))
        {
            return run.IsOpen ? FaultVerdict.Retry : FaultVerdict.Trapped;
        }

        for (int i = 0; i < _departedCount; i++)
        {
            if (_departed[i].Stamp > stamp && address - _departed[i].Start < _departed[i].End - _departed[i].Start)
            {
                return FaultVerdict.Retry;
            }
        }

        return FaultVerdict.NotOurs;
    }

    /// <summary>The next probe, from <paramref name="cursor"/> on, that wants to hear of an access. In the order in which they were added.</summary>
    public readonly bool TryFindHit(ref int cursor, ulong start, ulong end, AccessKind access, out Probe probe)
    {
        while (cursor < _probeCount)
        {
            probe = _probes[cursor++];
            if (probe.Wants(start, end, access))
            {
                return true;
            }
        }

        probe = default;
        return false;
    }

    /// <summary>Forgets what was disarmed by <paramref name="oldest"/>: every thread has been let run since then.</summary>
    public void ForgetDeparted(ulong oldest)
    {
        int kept = 0;
        for (int i = 0; i < _departedCount; i++)
        {
            if (_departed[i].Stamp > oldest)
            {
                _departed[kept++] = _departed[i];
            }
        }

        _departedCount = kept;
    }

    private readonly ulong PageEnd(ulong address) => (address + _pageMask) & ~_pageMask;

    // The next stretch of pages from there on in which every page has a byte of some probe.
    private readonly bool TryFindNeeded(ulong from, out ulong start, out ulong end)
    {
        start = ulong.MaxValue;
        end = 0;
        for (int i = 0; i < _probeCount; i++)
        {
            ulong first = _probes[i].Start & ~_pageMask;
            if (PageEnd(_probes[i].End) > from)
            {
                first = first > from ? first : from;
                start = first < start ? first : start;
            }
        }

        if (start == ulong.MaxValue)
        {
            return false;
        }

        bool grew = true;
        end = start;
        while (grew)
        {
            grew = false;
            for (int i = 0; i < _probeCount; i++)
            {
                ulong probeEnd = PageEnd(_probes[i].End);
                if ((_probes[i].Start & ~_pageMask) <= end && probeEnd > end)
                {
                    end = probeEnd;
                    grew = true;
                }
            }
        }

        return true;
    }

    private readonly int FirstRunEndingAfter(ulong address)
    {
        int low = 0;
        int high = _runCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].End <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void OpenGap(int at)
    {
        for (int i = _runCount; i > at; i--)
        {
            _runs[i] = _runs[i - 1];
        }

        _runCount++;
    }

    // Without room the last entry grows over both: a fault of the program's own in between costs it one more try.
    private void Depart(ulong start, ulong end)
    {
        Stamp++;
        if (_departedCount == _departedCapacity)
        {
            ref DepartedRun last = ref _departed[_departedCount - 1];
            last.Start = last.Start < start ? last.Start : start;
            last.End = last.End > end ? last.End : end;
            last.Stamp = Stamp;
            return;
        }

        _departed[_departedCount++] = new DepartedRun { Start = start, End = end, Stamp = Stamp };
    }
}
