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

    public int FirstOfCpus => _header->FirstOfCpus - 1;

    public ref SlotEntry EntryAt(int index) => ref _entries[index];

    public int FirstOf(int task) => _tasks[task].First - 1;

    /// <summary>The request after this one in its list, -1 at the end.</summary>
    public int After(int index, int first) => _entries[index].Next == first ? -1 : _entries[index].Next;

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
        _header->FirstFree = entry.Next + 1;
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
        entry.Next = _header->FirstFree - 1;
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
        ref SlotEntry entry = ref _entries[index];
        if (entry.Request.Task == SlotRequest.NoTask)
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
        ref SlotEntry entry = ref _entries[index];
        if (entry.Request.Task == SlotRequest.NoTask)
        {
            Link(ref _header->FirstOfCpus, index);
            CountOnCpus(index, 1);
        }
        else
        {
            ChangeTask(index, 1);
        }
    }

    private bool Fits(int index)
    {
        ref SlotEntry entry = ref _entries[index];
        ref readonly SlotAccounts accounts = ref AccountsOf(entry.Class);
        if (entry.Request.Task != SlotRequest.NoTask && _sharedBy == 1)
        {
            ref SlotTaskCounts counts = ref CountsOf(entry.Request.Task, entry.Class);
            if (counts.OnOneCpu == 0)
            {
                return accounts.FitsOnEveryBank(SlotAccounts.Code(counts.Pinned, counts.Flexible));
            }
        }

        int start = FirstBank(entry.Request.Cpu, out int end);
        for (int bank = start; bank < end; bank++)
        {
            if (Touches(index, bank) && !accounts.Fits(bank))
            {
                return false;
            }
        }

        return true;
    }

    private void CountOnCpus(int index, int change)
    {
        ref SlotEntry entry = ref _entries[index];
        int start = FirstBank(entry.Request.Cpu, out int end);
        for (int bank = start; bank < end; bank++)
        {
            if (Touches(index, bank))
            {
                AccountsOf(entry.Class).CountCpu(bank, entry.Request.IsFlexible, change);
            }
        }
    }

    // Takes the task out of the accounts as it is, changes it, and puts it in as it is then.
    private void ChangeTask(int index, int change)
    {
        ref SlotEntry entry = ref _entries[index];
        ref SlotTaskCounts counts = ref CountsOf(entry.Request.Task, entry.Class);
        bool isOnOneCpu = entry.Request.Cpu != SlotRequest.EveryCpu;

        // A task that is counted bank by bank before and after changes in the one bank of a request for one CPU, and in no other.
        bool staysInBanks = isOnOneCpu && counts.OnOneCpu + (change < 0 ? change : 0) > 0;
        int start = FirstBank(staysInBanks ? entry.Request.Cpu : SlotRequest.EveryCpu, out int end);

        CountTask(entry.Request.Task, entry.Class, start, end, -1);
        if (change > 0)
        {
            Link(ref _tasks[entry.Request.Task].First, index);
        }
        else
        {
            Unlink(ref _tasks[entry.Request.Task].First, index);
        }

        if (isOnOneCpu)
        {
            counts.OnOneCpu += change;
        }
        else if (entry.Request.IsFlexible)
        {
            counts.Flexible += change;
        }
        else
        {
            counts.Pinned += change;
        }

        CountTask(entry.Request.Task, entry.Class, start, end, 1);
    }

    private void CountTask(int task, SlotClass slots, int startBank, int endBank, int change)
    {
        ref readonly SlotAccounts accounts = ref AccountsOf(slots);
        ref SlotTaskCounts counts = ref CountsOf(task, slots);
        if (counts.OnOneCpu == 0)
        {
            accounts.CountUniform(SlotAccounts.Code(counts.Pinned, counts.Flexible), change);
            return;
        }

        for (int bank = startBank; bank < endBank; bank++)
        {
            accounts.CountMixed(bank, VectorOf(task, slots, bank), change);
        }
    }

    private int VectorOf(int task, SlotClass slots, int bank)
    {
        ref SlotTaskCounts counts = ref CountsOf(task, slots);
        Span<int> pinned = stackalloc int[SlotProfile.MaxSharedBy];
        Span<int> flexible = stackalloc int[SlotProfile.MaxSharedBy];
        pinned.Fill(counts.Pinned);
        flexible.Fill(counts.Flexible);
        int first = FirstOf(task);
        for (int index = first; index >= 0; index = After(index, first))
        {
            ref SlotEntry entry = ref _entries[index];
            if (entry.Class == slots && entry.Request.Cpu != SlotRequest.EveryCpu && entry.Request.Cpu / _sharedBy == bank)
            {
                (entry.Request.IsFlexible ? flexible : pinned)[entry.Request.Cpu % _sharedBy]++;
            }
        }

        for (int sibling = 0; sibling < _sharedBy; sibling++)
        {
            pinned[sibling] = SlotAccounts.Code(pinned[sibling], flexible[sibling]);
        }

        return AccountsOf(slots).Vector(pinned);
    }

    // The banks that may be meant; a mask has to be asked for each.
    private int FirstBank(int cpu, out int end)
    {
        end = cpu >= 0 ? (cpu / _sharedBy) + 1 : _banks;
        return cpu >= 0 ? cpu / _sharedBy : 0;
    }

    // Rings, so that the newest goes to the end without a walk. 'first' is an index plus one.
    private void Link(ref int first, int index)
    {
        if (first == 0)
        {
            first = index + 1;
            _entries[index].Next = index;
            _entries[index].Previous = index;
            return;
        }

        int head = first - 1;
        int tail = _entries[head].Previous;
        _entries[index].Next = head;
        _entries[index].Previous = tail;
        _entries[tail].Next = index;
        _entries[head].Previous = index;
    }

    private void Unlink(ref int first, int index)
    {
        int next = _entries[index].Next;
        _entries[_entries[index].Previous].Next = next;
        _entries[next].Previous = _entries[index].Previous;
        if (first == index + 1)
        {
            first = next == index ? 0 : next + 1;
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
