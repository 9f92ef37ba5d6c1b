using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.PageTraps;

namespace Haltpoint.Core.Tests.PageTraps;

/// <summary>What a table of page traps must say, kept page by page and byte by byte, beside the table itself.</summary>
/// <remarks>
/// A page is 4 bytes. Threads are let run, fault, and are heard of later; in between anything may happen. What is armed has a way home
/// of its own for every arming, so that a page whose contents would be looked for in the wrong place is noticed.
/// </remarks>
internal sealed class ModelPages
{
    public const ulong PageSize = 4;
    public const ulong First = 16;

    private readonly TestTable _real;
    private readonly State _state;
    private readonly int _pages;

    public ModelPages(int pages, int threads, int probes, int runs, int departed)
    {
        _pages = pages;
        _real = new TestTable(probes, runs, departed, PageSize);
        _state = new State(pages, threads);
        Capacity = (probes, runs);
    }

    public (int Probes, int Runs) Capacity { get; }

    public ref PageTrapTable Table => ref _real.Table;

    public int Threads => _state.Threads.Length;

    public IReadOnlyList<ModelProbe> Probes => _state.Probes;

    public ModelThread ThreadAt(int thread) => _state.Threads[thread];

    public (TestTable.Saved Real, State State) Save() => (_real.Save(), _state.Copy());

    public void Restore(in (TestTable.Saved Real, State State) saved)
    {
        _real.Restore(saved.Real);
        _state.Take(saved.State);
    }

    /// <summary>Everything that can make a difference to what is still to come.</summary>
    public string Key() => _state.Key();

    public bool IsNeeded(int page) => _state.Probes.Exists(p => p.Start < End(page) && p.End > Start(page));

    public bool IsArmed(int page) => _state.Homes[page] != 0;

    public bool IsOpen(int page) => _state.Open[page];

    public static ulong Start(int page) => First + ((ulong)page * PageSize);

    public static ulong End(int page) => Start(page) + PageSize;

    public static int PageOf(ulong address) => (int)((address - First) / PageSize);

    public void Add(ulong start, ulong length, AccessKind access)
    {
        int count = Table.ProbeCount;
        PageTrapStatus status = Table.AddProbe(start, length, access, out int id);
        bool isFull = _state.Probes.Count == Capacity.Probes;
        Expect(status == (isFull ? PageTrapStatus.Full : PageTrapStatus.Ok), $"AddProbe says {status}");
        if (isFull)
        {
            Expect(Table.ProbeCount == count && id == 0, "a refused request left something");
            return;
        }

        Expect(id > _state.LastId, "a number was given twice");
        _state.LastId = id;
        _state.Probes.Add(new ModelProbe(id, start, start + length, access));
    }

    public void Remove(int index)
    {
        int id = _state.Probes[index].Id;
        Expect(Table.RemoveProbe(id) == PageTrapStatus.Ok && Table.RemoveProbe(id) == PageTrapStatus.NotFound, "RemoveProbe");
        _state.Probes.RemoveAt(index);
    }

    /// <summary>Arms pages: whole, and never twice.</summary>
    public void Arm(int page, int count)
    {
        bool isTwice = Enumerable.Range(page, count).Any(IsArmed);
        ulong home = ((ulong)++_state.Armings * 0x1000) + 0x100000;
        PageTrapStatus status = Table.Arm(Start(page), End(page + count - 1), home);
        if (isTwice)
        {
            Expect(status == PageTrapStatus.Overlaps, $"arming twice: {status}");
            return;
        }

        Expect(status == PageTrapStatus.Ok || (status == PageTrapStatus.Full && _state.Runs() >= Capacity.Runs), $"Arm says {status}");
        for (int i = page; i < page + count && status == PageTrapStatus.Ok; i++)
        {
            _state.Homes[i] = home;
            _state.Open[i] = false;
        }
    }

    /// <summary>Disarms pages of one run: they are back, or gone with their mapping.</summary>
    public void Disarm(int page, int count)
    {
        bool isOneRun = IsArmed(page) && Enumerable.Range(page, count).All(p => _state.Homes[p] == _state.Homes[page]);
        PageTrapStatus status = Table.Disarm(Start(page), End(page + count - 1));
        if (!isOneRun)
        {
            Expect(status == PageTrapStatus.NotFound, $"Disarm of what is no run: {status}");
            return;
        }

        Expect(status == PageTrapStatus.Ok || (status == PageTrapStatus.Full && _state.Runs() >= Capacity.Runs), $"Disarm says {status}");
        for (int i = page; i < page + count && status == PageTrapStatus.Ok; i++)
        {
            _state.Homes[i] = 0;
            _state.Open[i] = false;
        }
    }

    public void SetOpen(int page, bool isOpen)
    {
        Expect(Table.SetOpen(Start(page), isOpen) == IsArmed(page), "SetOpen");
        int first = page;
        while (first > 0 && _state.Homes[first - 1] == _state.Homes[page])
        {
            first--;
        }

        for (int i = first; i < _pages && IsArmed(page) && _state.Homes[i] == _state.Homes[page]; i++)
        {
            _state.Open[i] = isOpen;
        }
    }

    /// <summary>A running thread faults: because the page is armed, or because the program would have faulted without us.</summary>
    public void Fault(int thread, ulong address)
    {
        int page = PageOf(address);
        ref ModelThread at = ref _state.Threads[thread];
        at.IsOurs = IsArmed(page) && !IsOpen(page);
        at.Address = address;
    }

    /// <summary>The fault is heard of, and the thread let run again.</summary>
    public void Hear(int thread)
    {
        ref ModelThread at = ref _state.Threads[thread];
        int page = PageOf(at.Address);
        FaultVerdict verdict = Table.Judge(at.Address, at.Stamp);
        if (IsArmed(page))
        {
            Expect(verdict == (IsOpen(page) ? FaultVerdict.Retry : FaultVerdict.Trapped), $"a fault at an armed page is {verdict}");
        }
        else if (at.IsOurs)
        {
            Expect(verdict == FaultVerdict.Retry, $"a fault of ours is {verdict} after the page was disarmed (G-30)");
        }
        else
        {
            // One more try is allowed for what was disarmed since the thread was let run; the next time it is the program's own.
            Expect(verdict == FaultVerdict.NotOurs || at.Stamp < Table.Stamp, $"a fault of the program's own is {verdict}");
            Expect(Table.Judge(at.Address, Table.Stamp) == FaultVerdict.NotOurs, "a fault of the program's own would be tried for ever");
        }

        at = new ModelThread { Stamp = Table.Stamp };
    }

    /// <summary>Nobody is before a fault that is older than this.</summary>
    public void Forget() => Table.ForgetDeparted(_state.Threads.Min(t => t.Stamp));

    /// <summary>From any state everything can be ended, and nothing is left then (G-1, G-32).</summary>
    public void WindDown()
    {
        while (_state.Probes.Count > 0)
        {
            Remove(0);
            CheckAll();
        }

        for (ulong from = 0; Table.TryFindUnneeded(from, out TrappedRun piece); from = piece.End)
        {
            Disarm(PageOf(piece.Start), (int)((piece.End - piece.Start) / PageSize));
        }

        for (int i = 0; i < Threads; i++)
        {
            if (_state.Threads[i].Address != 0)
            {
                Hear(i);
            }

            _state.Threads[i].Stamp = Table.Stamp;
        }

        Forget();
        CheckAll();
        Expect(Table.ProbeCount == 0 && Table.RunCount == 0, "something is left");
        for (int page = 0; page < _pages; page++)
        {
            Expect(Table.Judge(Start(page), 0) == FaultVerdict.NotOurs, "something disarmed is remembered though nobody needs it");
        }
    }

    /// <summary>Compares everything that can be asked with what the model says.</summary>
    public void CheckAll()
    {
        CheckRuns();
        CheckMissing();
        CheckUnneeded();
        CheckHits();
    }

    public static void Expect(bool isTrue, string what)
    {
        if (!isTrue)
        {
            throw new ModelViolation(what);
        }
    }

    private void CheckRuns()
    {
        ulong end = 0;
        HashSet<int> seen = [];
        for (int i = 0; i < Table.RunCount; i++)
        {
            TrappedRun run = Table.RunAt(i);
            Expect(run.Start < run.End && run.Start >= end && ((run.Start | run.End) % PageSize) == 0, "runs are not sorted whole pages");
            end = run.End;
            for (int page = PageOf(run.Start); page < PageOf(run.End); page++)
            {
                Expect(IsArmed(page) && run.Home == _state.Homes[page] && run.IsOpen == IsOpen(page), $"page {page} is armed otherwise");
                seen.Add(page);
            }
        }

        Expect(seen.Count == _state.Homes.Count(h => h != 0), "an armed page is in no run");
        for (int page = 0; page < _pages; page++)
        {
            Expect(Table.TryFindRun(Start(page) + 3, out TrappedRun run) == IsArmed(page) && (!IsArmed(page) || run.Contains(Start(page))), "TryFindRun");
        }
    }

    private void CheckMissing()
    {
        for (int first = 0; first <= _pages; first++)
        {
            HashSet<int> found = [];
            ulong from = Start(first);
            while (Table.TryFindMissing(from, out ulong start, out ulong end))
            {
                Expect(start >= from && end > start && ((start | end) % PageSize) == 0, "missing pages are no pages");
                Expect(Enumerable.Range(PageOf(start), (int)((end - start) / PageSize)).All(found.Add), "missing pages are found twice");
                from = end;
            }

            Expect(found.SetEquals(Enumerable.Range(first, _pages - first).Where(p => IsNeeded(p) && !IsArmed(p))), "what is missing");
        }
    }

    private void CheckUnneeded()
    {
        for (int first = 0; first <= _pages; first++)
        {
            HashSet<int> found = [];
            ulong from = Start(first);
            while (Table.TryFindUnneeded(from, out TrappedRun piece))
            {
                int page = PageOf(piece.Start);
                Expect(piece.Start >= from && piece.End > piece.Start, "unneeded pages are no pages");
                Expect(piece.Home == _state.Homes[page] && piece.IsOpen == IsOpen(page), "an unneeded piece is of another run");
                Expect(Enumerable.Range(page, (int)((piece.End - piece.Start) / PageSize)).All(found.Add), "unneeded pages are found twice");
                from = piece.End;
            }

            Expect(found.SetEquals(Enumerable.Range(first, _pages - first).Where(p => !IsNeeded(p) && IsArmed(p))), "what is not needed");
        }
    }

    private void CheckHits()
    {
        ulong last = End(_pages - 1);
        for (ulong start = First; start < last; start++)
        {
            for (ulong end = start + 1; end <= Math.Min(last, start + PageSize + 1); end++)
            {
                CheckHits(start, end, AccessKind.Read);
                CheckHits(start, end, AccessKind.Write);
                CheckHits(start, end, AccessKind.ReadWrite);
            }
        }
    }

    // Byte by byte: a probe is told once, in the order of requests, and never of bytes beside it (G-2, G-21).
    private void CheckHits(ulong start, ulong end, AccessKind access)
    {
        int cursor = 0;
        foreach (ModelProbe probe in _state.Probes)
        {
            bool touches = false;
            for (ulong at = start; at < end; at++)
            {
                touches |= at >= probe.Start && at < probe.End;
            }

            if (touches && (probe.Access & access) != 0)
            {
                Expect(Table.TryFindHit(ref cursor, start, end, access, out Probe hit) && hit.Id == probe.Id, "a probe is not told of a hit");
            }
        }

        Expect(!Table.TryFindHit(ref cursor, start, end, access, out _), "a probe is told of what is none of its hits");
    }

    internal readonly record struct ModelProbe(int Id, ulong Start, ulong End, AccessKind Access);

    internal struct ModelThread
    {
        /// <summary>The table's stamp when it was last let run.</summary>
        public ulong Stamp;

        /// <summary>Of a fault that nobody has heard of yet; 0 while it runs.</summary>
        public ulong Address;

        /// <summary>The fault would not be without us.</summary>
        public bool IsOurs;
    }

    internal sealed class State(int pages, int threads)
    {
        public List<ModelProbe> Probes { get; } = [];

        public ulong[] Homes { get; } = new ulong[pages];

        public bool[] Open { get; } = new bool[pages];

        public ModelThread[] Threads { get; } = new ModelThread[threads];

        public int Armings { get; set; }

        public int LastId { get; set; }

        public State Copy()
        {
            State copy = new(Homes.Length, Threads.Length);
            copy.Take(this);
            return copy;
        }

        public void Take(State other)
        {
            Probes.Clear();
            Probes.AddRange(other.Probes);
            other.Homes.CopyTo(Homes, 0);
            other.Open.CopyTo(Open, 0);
            other.Threads.CopyTo(Threads, 0);
            Armings = other.Armings;
            LastId = other.LastId;
        }

        /// <summary>Runs there are at least: one for each stretch with one way home.</summary>
        public int Runs() => Enumerable.Range(0, Homes.Length).Count(i => Homes[i] != 0 && (i == 0 || Homes[i - 1] != Homes[i]));

        // Of numbers only the order matters, of ways home only which are the same.
        public string Key()
        {
            string probes = string.Join(';', Probes.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Start}-{p.End}{p.Access}")));
            string homes = string.Join(',', Homes.Select((h, i) => string.Create(CultureInfo.InvariantCulture, $"{Array.IndexOf(Homes, h)}{h != 0}{Open[i]}")));
            string threads = string.Join(',', Threads.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Stamp}@{t.Address}{t.IsOurs}")));
            return $"{probes}|{homes}|{threads}";
        }
    }
}
