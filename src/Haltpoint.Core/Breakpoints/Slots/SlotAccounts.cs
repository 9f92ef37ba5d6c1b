using System;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>How full one class of registers is, as counts that do not grow with the number of tasks.</summary>
/// <remarks>
/// A bank is the registers of one CPU, or those that sibling CPUs share. What matters of a task on a CPU is its code: twice its
/// pinned requests there, plus one when it has flexible ones. On a bank it is the vector of its codes on the bank's CPUs.
/// <para>
/// Every task is counted once, in <c>_uniform</c>, by its requests for every CPU: on most banks that is all there is. On the banks
/// for whose CPUs it has requests of their own, <c>_local</c> takes back that count and has the true one in its place; so an entry
/// there may be negative, and only its sum with the uniform count means anything.
/// </para>
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
    private readonly int* _local;

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
        _local = _uniform + _codes;
    }

    /// <summary>Ints of zeroed memory that an instance needs.</summary>
    public static long IntsFor(int slots, int sharedBy, int banks) =>
        (2L * banks) + (2L * CodeCount(slots)) + ((long)banks * VectorCount(slots, sharedBy));

    public static int Code(int pinned, int flexible) => (2 * pinned) + (flexible > 0 ? 1 : 0);

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
        CountBank(bank, -1);
        (isFlexible ? _cpuFlexible : _cpuPinned)[bank] += change;
        CountBank(bank, 1);
    }

    /// <summary>Counts a task by its requests for every CPU.</summary>
    public void CountTask(int code, int change) => _uniform[code] += code == 0 ? 0 : change;

    /// <summary>Counts it on one bank by what it truly has there.</summary>
    public void CountTaskOn(int bank, int code, int vector, int change)
    {
        int* local = _local + (bank * _vectors);
        int uniform = UniformVector(code);
        local[uniform] -= uniform == 0 ? 0 : change;
        local[vector] += vector == 0 ? 0 : change;
    }

    /// <summary>Whether a bank holds its worst demand.</summary>
    public bool Fits(int bank) => _cpuPinned[bank] + (_sharedBy == 1 ? WorstTask(bank) : WorstTasks(bank)) <= _slots;

    /// <summary>Whether every bank holds a task with this code. Only where no registers are shared: there no other task matters to it.</summary>
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
                isEmpty &= _local[cell] == 0;
            }

            return isEmpty;
        }
    }

    /// <summary>Brings zeroed memory into the state of no requests.</summary>
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

    private void CountBank(int bank, int change) => _banksByCode[Code(_cpuPinned[bank], _cpuFlexible[bank])] += change;

    private int UniformVector(int code)
    {
        int vector = 0;
        for (int sibling = 0; sibling < _sharedBy; sibling++)
        {
            vector = (vector * _codes) + code;
        }

        return vector;
    }

    private int WorstTask(int bank)
    {
        int* local = _local + (bank * _codes);
        int flexible = _cpuFlexible[bank] > 0 ? 1 : 0;
        int worst = flexible;
        for (int code = 1; code < _codes; code++)
        {
            int need = (code >> 1) + ((code & 1) | flexible);
            if (need > worst && local[code] + _uniform[code] > 0)
            {
                worst = need;
            }
        }

        return worst;
    }

    private int WorstTasks(int bank)
    {
        // The most that different tasks on a subset of the bank's CPUs need, without [0] and with [1] a flexible request among them.
        Span<int> needs = stackalloc int[2 << SlotProfile.MaxSharedBy];
        needs = needs[..(2 << _sharedBy)];
        needs.Fill(int.MinValue);
        needs[_cpuFlexible[bank] > 0 ? 1 : 0] = 0;

        int* local = _local + (bank * _vectors);
        int nextUniform = UniformVector(1);
        int uniformCode = 1;
        for (int vector = 1; vector < _vectors; vector++)
        {
            int count = local[vector];
            if (vector == nextUniform)
            {
                count += _uniform[uniformCode++];
                nextUniform = UniformVector(uniformCode);
            }

            AddTasks(needs, vector, count);
        }

        int worst = 0;
        for (int i = 0; i < needs.Length; i++)
        {
            int need = needs[i] + (i & 1);
            worst = need > worst ? need : worst;
        }

        return worst;
    }

    // Lets up to one task for each CPU join those in needs. Subsets are taken from the largest down, so that what a task adds is not
    // built on again for the same task.
    private void AddTasks(Span<int> needs, int vector, int count)
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
                    int code = rest % _codes;
                    rest /= _codes;
                    if ((from >> (1 + sibling) & 1) == 0)
                    {
                        int to = (from | (2 << sibling)) | (code & 1);
                        int need = needs[from] + (code >> 1);
                        needs[to] = need > needs[to] ? need : needs[to];
                    }
                }
            }
        }
    }
}
