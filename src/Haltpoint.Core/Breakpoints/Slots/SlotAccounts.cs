using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>How full one class of registers is, as counts that do not grow with the number of tasks .</summary>
/// <remarks>
/// A bank is the registers of one CPU, or those that sibling CPUs share. What matters of a task on a CPU is its code: twice its
/// pinned requests there, plus one when it has flexible ones. A task whose requests are all for every CPU is counted once, in
/// <c>_uniform</c>; any other in every bank, by the vector of its codes on the bank's CPUs.
/// <para>
/// The demand on a bank, at worst: the pinned requests of its CPUs, plus those of the worst different tasks that its CPUs can run
/// at one time, plus one slot for the flexible to take turns in when the CPUs or one of those tasks have any.
/// </para>
/// <para>Not thread-safe; the pool's lock is held. Counts may stand one above the slots while a request is tried.</para>
/// </remarks>
internal readonly unsafe struct SlotAccounts
{
    private readonly int _slots;
    private readonly int _sharedBy;
    private readonly int _banks;
    private readonly int _codes;
    private readonly int _vectors;
    private readonly int* _cpuPinned;
    private readonly int* _cpuFlexible;
    private readonly int* _banksByCode;
    private readonly int* _uniform;
    private readonly int* _mixed;

    public SlotAccounts(int* memory, int slots, int sharedBy, int banks)
    {
        _slots = slots;
        _sharedBy = sharedBy;
        _banks = banks;
        _codes = CodeCount(slots);
        _vectors = VectorCount(slots, sharedBy);
        _cpuPinned = memory;
        _cpuFlexible = _cpuPinned + banks;
        _banksByCode = _cpuFlexible + banks;
        _uniform = _banksByCode + _codes;
        _mixed = _uniform + _codes;
    }

    /// <summary>Ints of zeroed memory that an instance needs.</summary>
    public static long IntsFor(int slots, int sharedBy, int banks) =>
        (2L * banks) + (2L * CodeCount(slots)) + ((long)banks * VectorCount(slots, sharedBy));

    public static int Code(int pinned, int flexible) => (2 * pinned) + (flexible > 0 ? 1 : 0);

    public int Slots => _slots;

    /// <summary>The vector of a task with one code on each CPU of a bank.</summary>
    public int Vector(ReadOnlySpan<int> codes)
    {
        int vector = 0;
        for (int sibling = _sharedBy - 1; sibling >= 0; sibling--)
        {
            vector = (vector * _codes) + codes[sibling];
        }

        return vector;
    }

    public void CountCpu(int bank, bool isFlexible, int change)
    {
        Move(bank, -1);
        (isFlexible ? _cpuFlexible : _cpuPinned)[bank] += change;
        Move(bank, 1);
    }

    public void CountUniform(int code, int change) => _uniform[code] += code == 0 ? 0 : change;

    public void CountMixed(int bank, int vector, int change) => _mixed[(bank * _vectors) + vector] += vector == 0 ? 0 : change;

    /// <summary>Whether a bank holds its worst demand.</summary>
    public bool Fits(int bank)
    {
        // The most that different tasks on a subset of the bank's CPUs need, without [0] and with [1] a flexible request among them.
        Span<int> needs = stackalloc int[2 << SlotProfile.MaxSharedBy];
        int subsets = 1 << _sharedBy;
        needs = needs[..(2 * subsets)];
        needs.Fill(int.MinValue);
        needs[_cpuFlexible[bank] > 0 ? 1 : 0] = 0;

        int* mixed = _mixed + (bank * _vectors);
        for (int vector = 1; vector < _vectors; vector++)
        {
            AddTasks(needs, vector, 0, mixed[vector]);
        }

        for (int code = 1; code < _codes; code++)
        {
            AddTasks(needs, -1, code, _uniform[code]);
        }

        int worst = 0;
        for (int i = 0; i < needs.Length; i++)
        {
            int need = needs[i] + (i & 1);
            worst = need > worst ? need : worst;
        }

        return _cpuPinned[bank] + worst <= _slots;
    }

    /// <summary>Whether every bank holds a uniform task with this code. Only where no registers are shared: there no other task matters.</summary>
    public bool FitsOnEveryBank(int taskCode)
    {
        for (int code = 0; code < _codes; code++)
        {
            if (_banksByCode[code] > 0 && (code >> 1) + (taskCode >> 1) + ((code | taskCode) & 1) > _slots)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether every count is zero .</summary>
    public bool IsEmpty
    {
        get
        {
            bool isEmpty = true;
            for (int bank = 0; bank < _banks; bank++)
            {
                isEmpty &= (_cpuPinned[bank] | _cpuFlexible[bank]) == 0;
            }

            for (int code = 0; code < _codes; code++)
            {
                isEmpty &= _uniform[code] == 0 && _banksByCode[code] == (code == 0 ? _banks : 0);
            }

            for (int cell = 0; cell < _banks * _vectors; cell++)
            {
                isEmpty &= _mixed[cell] == 0;
            }

            return isEmpty;
        }
    }

    /// <summary>Brings fresh memory into the state of no requests.</summary>
    public void Start() => _banksByCode[0] = _banks;

    // One slot more than there is, for the request that is being tried.
    private static int CodeCount(int slots) => 2 * (slots + 2);

    private static int VectorCount(int slots, int sharedBy)
    {
        int count = 1;
        for (int sibling = 0; sibling < sharedBy; sibling++)
        {
            count *= CodeCount(slots);
        }

        return count;
    }

    private void Move(int bank, int change) => _banksByCode[Code(_cpuPinned[bank], _cpuFlexible[bank])] += change;

    // Lets up to one task for each CPU join those in needs. Subsets are taken from the largest down, so that what a task adds is not
    // built on again for the same task.
    private void AddTasks(Span<int> needs, int vector, int code, int count)
    {
        for (int task = 0; task < count && task < _sharedBy; task++)
        {
            for (int from = needs.Length - 1; from >= 0; from--)
            {
                if (needs[from] < 0)
                {
                    continue;
                }

                int rest = vector;
                for (int sibling = 0; sibling < _sharedBy; sibling++)
                {
                    int codeThere = vector < 0 ? code : rest % _codes;
                    rest /= _codes;
                    if ((from >> (1 + sibling) & 1) == 0)
                    {
                        int to = (from | (2 << sibling)) | (codeThere & 1);
                        int need = needs[from] + (codeThere >> 1);
                        needs[to] = need > needs[to] ? need : needs[to];
                    }
                }
            }
        }
    }
}
