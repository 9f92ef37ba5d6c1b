using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>Puts what applies on a bank into its registers. The pool's lock is held.</summary>
/// <remarks>
/// The whole bank from the requests each time, so that there is no state to go wrong: the requests of CPUs in the last registers,
/// the oldest in the very last, as the 2009 allocator did; those of the running tasks in the first; the
/// flexible ones between them, each in its turn.
/// </remarks>
internal ref struct SlotLayout
{
    private readonly SlotLedger _ledger;
    private readonly SlotProfile _profile;
    private readonly int _bank;
    private readonly ReadOnlySpan<int> _running;
    private readonly Span<SlotPlacement> _into;
    private int _count;

    public SlotLayout(SlotLedger ledger, in SlotProfile profile, int bank, ReadOnlySpan<int> running, Span<SlotPlacement> into)
    {
        _ledger = ledger;
        _profile = profile;
        _bank = bank;
        _running = running;
        _into = into;
    }

    public int Place(uint turn)
    {
        PlaceClass(SlotClass.Data, turn);
        if (!_profile.IsMixed)
        {
            PlaceClass(SlotClass.Instruction, turn);
        }

        return _count;
    }

    private void PlaceClass(SlotClass slots, uint turn)
    {
        int ofCpus = 0;
        int ofTasks = 0;
        int flexible = 0;
        Cursor cursor = new(this, slots);
        while (cursor.TryMoveNext())
        {
            bool isFlexible = _ledger.EntryAt(cursor.Index).Request.IsFlexible;
            flexible += isFlexible ? 1 : 0;
            ofTasks += !isFlexible && cursor.IsOfTask ? 1 : 0;
            ofCpus += !isFlexible && !cursor.IsOfTask ? 1 : 0;
        }

        // The newest come first here, and get the registers nearest to the middle: a new one moves none that is there.
        int forCpus = _profile.SlotsOf(slots) - ofCpus;
        int left = forCpus - ofTasks;
        int forTasks = ofTasks;
        int forFlexible = ofTasks;
        int ordinal = flexible == 0 ? 0 : flexible - (int)(turn % (uint)flexible);
        cursor = new Cursor(this, slots);
        while (cursor.TryMoveNext())
        {
            if (!_ledger.EntryAt(cursor.Index).Request.IsFlexible)
            {
                Add(cursor.Index, slots, cursor.IsOfTask ? --forTasks : forCpus++);
            }
            else if (ordinal++ % flexible < left)
            {
                Add(cursor.Index, slots, forFlexible++);
            }
        }
    }

    private void Add(int index, SlotClass slots, int register)
    {
        SlotEntry entry = _ledger.EntryAt(index);
        SlotRules.Check(_profile, entry.Request, default, out SlotForm form);
        _into[_count++] = new SlotPlacement
        {
            Id = new SlotId(index, entry.Generation),
            Class = slots,
            Register = register,
            Form = form,
            Access = entry.Request.Access,
        };
    }

    /// <summary>Goes through the enabled requests of a class that apply on the bank: those of CPUs, then those of each running task.</summary>
    private ref struct Cursor
    {
        private readonly SlotLayout _layout;
        private readonly SlotClass _slots;
        private int _next;

        // The list that is gone through: 0 is the CPUs', then two for each sibling's task.
        private int _list;

        public Cursor(SlotLayout layout, SlotClass slots)
        {
            _layout = layout;
            _slots = slots;
            _next = layout._ledger.FirstOfCpus;
            Index = -1;
        }

        public int Index { get; private set; }

        public readonly bool IsOfTask => _list > 0;

        private readonly int Sibling => (_list - 1) / 2;

        public bool TryMoveNext()
        {
            while (true)
            {
                while (_next < 0)
                {
                    _list++;
                    if (Sibling == _layout._running.Length)
                    {
                        return false;
                    }

                    int task = _layout._running[Sibling];
                    if (task != SlotRequest.NoTask)
                    {
                        _next = _list % 2 != 0 ? _layout._ledger.FirstOf(task) : _layout._ledger.FirstOnOneCpu(task);
                    }
                }

                Index = _next;
                _next = _layout._ledger.After(Index);
                if (Applies(_layout._ledger.EntryAt(Index)))
                {
                    return true;
                }
            }
        }

        private readonly bool Applies(in SlotEntry entry)
        {
            if (entry.Class != _slots || entry.Request.IsDisabled)
            {
                return false;
            }

            return IsOfTask
                ? entry.Request.Cpu is SlotRequest.EveryCpu || entry.Request.Cpu == (_layout._bank * _layout._running.Length) + Sibling
                : _layout._ledger.Touches(Index, _layout._bank);
        }
    }
}
