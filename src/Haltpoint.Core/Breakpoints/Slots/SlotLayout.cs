using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>Puts what applies on a bank into its registers. The pool's lock is held.</summary>
/// <remarks>
/// The whole bank from the requests each time, so that there is no state to go wrong: the requests of CPUs from the last register
/// down, oldest first, as one kernel's allocator did; those of the running tasks from the first up; the
/// flexible ones in what is left, each in its turn.
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
        int start = 0;
        int end = _profile.SlotsOf(slots);
        int flexible = 0;
        Cursor cursor = new(this, slots);
        while (cursor.TryMoveNext())
        {
            if (_ledger.EntryAt(cursor.Index).Request.IsFlexible)
            {
                flexible++;
            }
            else
            {
                Add(cursor.Index, slots, cursor.IsOfTask ? start++ : --end);
            }
        }

        if (flexible == 0)
        {
            return;
        }

        int left = end - start;
        int ordinal = flexible - (int)(turn % (uint)flexible);
        cursor = new Cursor(this, slots);
        while (cursor.TryMoveNext())
        {
            if (_ledger.EntryAt(cursor.Index).Request.IsFlexible && ordinal++ % flexible < left)
            {
                Add(cursor.Index, slots, start++);
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
        private int _first;
        private int _next;
        private int _sibling;

        public Cursor(SlotLayout layout, SlotClass slots)
        {
            _layout = layout;
            _slots = slots;
            _sibling = -1;
            _first = layout._ledger.FirstOfCpus;
            _next = _first;
            Index = -1;
        }

        public int Index { get; private set; }

        public readonly bool IsOfTask => _sibling >= 0;

        public bool TryMoveNext()
        {
            while (true)
            {
                while (_next < 0)
                {
                    if (++_sibling == _layout._running.Length)
                    {
                        return false;
                    }

                    int task = _layout._running[_sibling];
                    _first = task == SlotRequest.NoTask ? -1 : _layout._ledger.FirstOf(task);
                    _next = _first;
                }

                Index = _next;
                _next = _layout._ledger.After(Index, _first);
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
                ? entry.Request.Cpu is SlotRequest.EveryCpu || entry.Request.Cpu == (_layout._bank * _layout._running.Length) + _sibling
                : _layout._ledger.Touches(Index, _layout._bank);
        }
    }
}
