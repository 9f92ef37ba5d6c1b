using System;
using System.Diagnostics.CodeAnalysis;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>The requests of a pool, the lists they are in, and the accounts they are counted in. Every member needs the pool's lock.</summary>
internal readonly unsafe struct SlotLedger
{
    private readonly Header* _header;
    private readonly SlotAccounts _data;
    private readonly SlotAccounts _instruction;
    private readonly SlotTask* _tasks;
    private readonly SlotEntry* _entries;
    private readonly ulong* _masks;
    private readonly int _sharedBy;
    private readonly int _banks;
    private readonly int _places;

    public SlotLedger(byte* memory, in SlotProfile profile, int cpus, int tasks, int requests)
    {
        _sharedBy = profile.SharedBy;
        _banks = BanksFor(profile, cpus);
        _places = requests + SparePlaces(profile);
        MaskWords = (cpus + 63) / 64;

        _header = (Header*)memory;
        _masks = (ulong*)(_header + 1);
        _entries = (SlotEntry*)(_masks + ((long)_places * MaskWords));
        _tasks = (SlotTask*)(_entries + _places);
        int* counts = (int*)(_tasks + tasks);
        _data = new SlotAccounts(counts, profile.DataSlots, _sharedBy, _banks);
        counts += SlotAccounts.IntsFor(profile.DataSlots, _sharedBy, _banks);
        _instruction = profile.IsMixed ? _data : new SlotAccounts(counts, profile.InstructionSlots, _sharedBy, _banks);
    }

    public static long BytesFor(in SlotProfile profile, int cpus, int tasks, int requests)
    {
        int banks = BanksFor(profile, cpus);
        long places = requests + SparePlaces(profile);
        long ints = SlotAccounts.IntsFor(profile.DataSlots, profile.SharedBy, banks)
            + (profile.IsMixed ? 0 : SlotAccounts.IntsFor(profile.InstructionSlots, profile.SharedBy, banks));
        return sizeof(Header) + (places * (((cpus + 63) / 64 * sizeof(ulong)) + sizeof(SlotEntry)))
            + ((long)tasks * sizeof(SlotTask)) + (ints * sizeof(int));
    }

    public int MaskWords { get; }

    public int Places => _places;

    public int FreePlaces => _header->FreePlaces;

    public ref int Lock => ref _header->Lock;

    public ref ulong Operations => ref _header->Operations;


    public ref SlotEntry EntryAt(int index) => ref _entries[index];

    /// <summary>Lists that a request can be in: the CPUs', and two for each task.</summary>
    public int FirstOfCpus => _header->FirstOfCpus - 1;

    public int FirstOf(int task) => _tasks[task].First - 1;

    public int FirstOnOneCpu(int task) => _tasks[task].FirstOnOneCpu - 1;

    /// <summary>The request after this one in its list, -1 at the end.</summary>
    public int After(int index) => _entries[index].Next - 1;

    public bool IsEmpty => _header->FreePlaces == _places && _data.IsEmpty && _instruction.IsEmpty;

    /// <summary>Places that no request may take: asking what is free is done by trying.</summary>
    public static int SparePlaces(in SlotProfile profile) =>
        1 + (profile.DataSlots > profile.InstructionSlots ? profile.DataSlots : profile.InstructionSlots);

    /// <summary>Makes zeroed memory a ledger without requests.</summary>
    public void Start(bool isMixed)
    {
        _data.Start();
        if (!isMixed)
        {
            _instruction.Start();
        }

        for (int index = _places - 1; index >= 0; index--)
        {
            Free(index);
        }
    }

    public int Take(in SlotRequest request, ReadOnlySpan<ulong> cpus, SlotClass slots)
    {
        int index = _header->FirstFree - 1;
        ref SlotEntry entry = ref _entries[index];
        _header->FirstFree = entry.Next;
        _header->FreePlaces--;
        entry.Request = request;
        entry.Class = slots;
        entry.IsUsed = true;
        cpus.CopyTo(new Span<ulong>(_masks + ((long)index * MaskWords), MaskWords));
        return index;
    }

    public void Free(int index)
    {
        ref SlotEntry entry = ref _entries[index];
        entry.IsUsed = false;
        entry.Generation++;
        entry.Next = _header->FirstFree;
        _header->FirstFree = index + 1;
        _header->FreePlaces++;
    }

    /// <summary>Enters the request if every bank it is for holds it then, whatever tasks run.</summary>
    public bool TryEnter(int index)
    {
        Enter(index);
        if (Fits(index))
        {
            return true;
        }

        Leave(index);
        return false;
    }

    public void Leave(int index)
    {
        SlotRequest request = _entries[index].Request;
        if (request.Task == SlotRequest.NoTask)
        {
            CountOnCpus(index, -1);
            Unlink(ref _header->FirstOfCpus, index);
        }
        else
        {
            ChangeTask(index, -1);
        }
    }

    /// <summary>Whether the request can be in a register of the bank.</summary>
    public bool Touches(int index, int bank)
    {
        int cpu = _entries[index].Request.Cpu;
        if (cpu != SlotRequest.CpuMask)
        {
            return cpu == SlotRequest.EveryCpu || cpu / _sharedBy == bank;
        }

        ulong* mask = _masks + ((long)index * MaskWords);
        bool touches = false;
        for (int sibling = bank * _sharedBy; sibling < (bank + 1) * _sharedBy && sibling < MaskWords * 64; sibling++)
        {
            touches |= (mask[sibling / 64] >> (sibling % 64) & 1) != 0;
        }

        return touches;
    }

    private static int BanksFor(in SlotProfile profile, int cpus) => (cpus + profile.SharedBy - 1) / profile.SharedBy;

    [UnscopedRef]
    private ref readonly SlotAccounts AccountsOf(SlotClass slots) => ref slots == SlotClass.Instruction ? ref _instruction : ref _data;

    private ref SlotTaskCounts CountsOf(int task, SlotClass slots) =>
        ref slots == SlotClass.Instruction ? ref _tasks[task].Instruction : ref _tasks[task].Data;

    private void Enter(int index)
    {
        SlotRequest request = _entries[index].Request;
        if (request.Task == SlotRequest.NoTask)
        {
            Link(ref _header->FirstOfCpus, 0, index);
            CountOnCpus(index, 1);
        }
        else
        {
            ChangeTask(index, 1);
        }
    }

    private bool Fits(int index)
    {
        SlotRequest request = _entries[index].Request;
        SlotClass slots = _entries[index].Class;
        ref readonly SlotAccounts accounts = ref AccountsOf(slots);
        if (request.Task != SlotRequest.NoTask && request.Cpu == SlotRequest.EveryCpu && _sharedBy == 1)
        {
            ref SlotTaskCounts counts = ref CountsOf(request.Task, slots);
            return accounts.FitsOnEveryBank(SlotAccounts.Code(counts.Pinned, counts.Flexible)) && FitsOnItsOwnBanks(request.Task, slots);
        }

        int end = request.Cpu >= 0 ? (request.Cpu / _sharedBy) + 1 : _banks;
        for (int bank = request.Cpu >= 0 ? request.Cpu / _sharedBy : 0; bank < end; bank++)
        {
            if (Touches(index, bank) && !accounts.Fits(bank))
            {
                return false;
            }
        }

        return true;
    }

    // The banks on which the task has more than its requests for every CPU.
    private bool FitsOnItsOwnBanks(int task, SlotClass slots)
    {
        for (int index = FirstOnOneCpu(task); index >= 0; index = After(index))
        {
            if (_entries[index].Class == slots && !AccountsOf(slots).Fits(_entries[index].Request.Cpu / _sharedBy))
            {
                return false;
            }
        }

        return true;
    }

    private void CountOnCpus(int index, int change)
    {
        SlotRequest request = _entries[index].Request;
        int end = request.Cpu >= 0 ? (request.Cpu / _sharedBy) + 1 : _banks;
        for (int bank = request.Cpu >= 0 ? request.Cpu / _sharedBy : 0; bank < end; bank++)
        {
            if (Touches(index, bank))
            {
                AccountsOf(_entries[index].Class).CountCpu(bank, request.IsFlexible, change);
            }
        }
    }

    // Takes the task out of the accounts as it is, changes it, and puts it in as it is then: on one bank when the request is for one
    // CPU, else everywhere.
    private void ChangeTask(int index, int change)
    {
        SlotRequest request = _entries[index].Request;
        SlotClass slots = _entries[index].Class;
        int bank = request.Cpu == SlotRequest.EveryCpu ? -1 : request.Cpu / _sharedBy;

        CountTask(request.Task, slots, bank, -1);
        ref int first = ref bank < 0 ? ref _tasks[request.Task].First : ref _tasks[request.Task].FirstOnOneCpu;
        if (change > 0)
        {
            Link(ref first, bank < 0 ? 0 : LastBefore(first, request.Cpu), index);
        }
        else
        {
            Unlink(ref first, index);
        }

        if (bank < 0)
        {
            ref SlotTaskCounts counts = ref CountsOf(request.Task, slots);
            (request.IsFlexible ? ref counts.Flexible : ref counts.Pinned) += change;
        }

        CountTask(request.Task, slots, bank, 1);
    }

    // On one bank, or with -1 on all.
    private void CountTask(int task, SlotClass slots, int onlyBank, int change)
    {
        ref readonly SlotAccounts accounts = ref AccountsOf(slots);
        ref SlotTaskCounts counts = ref CountsOf(task, slots);
        int code = SlotAccounts.Code(counts.Pinned, counts.Flexible);
        if (onlyBank < 0)
        {
            accounts.CountTask(code, change);
        }

        int index = FirstOnOneCpu(task);
        while (index >= 0)
        {
            int bank = _entries[index].Request.Cpu / _sharedBy;
            if (onlyBank >= 0 && bank != onlyBank)
            {
                index = After(index);
                continue;
            }

            accounts.CountTaskOn(bank, code, TakeVector(ref index, counts, slots, bank), change);
        }
    }

    // The vector of the task whose requests for a bank begin at the index, which is moved behind them.
    private int TakeVector(ref int index, SlotTaskCounts counts, SlotClass slots, int bank)
    {
        Span<int> pinned = stackalloc int[SlotProfile.MaxSharedBy];
        Span<int> flexible = stackalloc int[SlotProfile.MaxSharedBy];
        pinned.Fill(counts.Pinned);
        flexible.Fill(counts.Flexible);
        for (; index >= 0 && _entries[index].Request.Cpu / _sharedBy == bank; index = After(index))
        {
            if (_entries[index].Class == slots)
            {
                SlotRequest request = _entries[index].Request;
                (request.IsFlexible ? flexible : pinned)[request.Cpu % _sharedBy]++;
            }
        }

        for (int sibling = 0; sibling < _sharedBy; sibling++)
        {
            pinned[sibling] = SlotAccounts.Code(pinned[sibling], flexible[sibling]);
        }

        return AccountsOf(slots).Vector(pinned);
    }

    // In the lists an index is stored plus one, so that zeroed memory is an empty list.
    private int LastBefore(int first, int cpu)
    {
        int last = 0;
        for (int place = first; place != 0 && _entries[place - 1].Request.Cpu < cpu; place = _entries[place - 1].Next)
        {
            last = place;
        }

        return last;
    }

    private void Link(ref int first, int after, int index)
    {
        ref int link = ref after == 0 ? ref first : ref _entries[after - 1].Next;
        _entries[index].Next = link;
        _entries[index].Previous = after;
        if (link != 0)
        {
            _entries[link - 1].Previous = index + 1;
        }

        link = index + 1;
    }

    private void Unlink(ref int first, int index)
    {
        int next = _entries[index].Next;
        int previous = _entries[index].Previous;
        (previous == 0 ? ref first : ref _entries[previous - 1].Next) = next;
        if (next != 0)
        {
            _entries[next - 1].Previous = previous;
        }
    }

    private struct Header
    {
        public int Lock;
        public int FirstFree;
        public int FreePlaces;
        public int FirstOfCpus;
        public ulong Operations;
    }
}
