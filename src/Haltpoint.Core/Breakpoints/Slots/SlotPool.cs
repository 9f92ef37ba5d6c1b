using System;
using Haltpoint.Locks;

namespace Haltpoint.Breakpoints.Slots;

/// <summary>The debug registers of a machine as slots that everybody who wants one takes from.</summary>
/// <remarks>
/// Exact: a request is granted if and only if every CPU it is for can hold it together with all that was granted, whatever
/// tasks run. Pinned requests each have a register wherever they apply; the flexible ones that apply have at least one to take
/// turns in. CPUs that are not online are counted like the others, so that one that comes online can never find itself without room.
/// <para>
/// Safe to call from any number of threads at once: one <see cref="WordLock"/> guards all of it and is held for the length of one call.
/// A caller that stopped the world passes <see cref="SlotWait.Never"/> and is told <see cref="SlotStatus.Busy"/> rather than wait for
/// somebody it stopped. Copies of the struct are the same pool; its memory belongs to whoever made it and must outlive them.
/// </para>
/// <para>The pool decides and counts. <see cref="Layout"/> says what to write into the registers of a CPU; writing them is the target's.</para>
/// </remarks>
public readonly unsafe struct SlotPool
{
    private readonly SlotLedger _ledger;
    private readonly SlotProfile _profile;
    private readonly ForbiddenRange* _forbidden;
    private readonly int _forbiddenCount;
    private readonly int _cpus;
    private readonly int _tasks;

    /// <param name="memory">Zeroed, aligned to 8, <see cref="BytesFor"/> long, and fixed in place.</param>
    /// <param name="profile">What the registers are.</param>
    /// <param name="cpus">CPUs there can ever be, a multiple of <see cref="SlotProfile.SharedBy"/>; their numbers are below it.</param>
    /// <param name="tasks">Task numbers are below it. What a number stands for is the caller's business.</param>
    /// <param name="requests">How many can be held at one time.</param>
    /// <param name="forbidden">What must not be watched; fixed in place, and read by every call.</param>
    /// <param name="forbiddenCount">Number of them.</param>
    public SlotPool(
        void* memory, in SlotProfile profile, int cpus, int tasks, int requests, ForbiddenRange* forbidden = null, int forbiddenCount = 0)
    {
        _ledger = new SlotLedger((byte*)memory, profile, cpus, tasks, requests);
        _profile = profile;
        _cpus = cpus;
        _tasks = tasks;
        _forbidden = forbidden;
        _forbiddenCount = forbiddenCount;
        _ledger.Start(profile.IsMixed);
    }

    /// <summary>Bytes of memory that a pool needs.</summary>
    public static long BytesFor(in SlotProfile profile, int cpus, int tasks, int requests) =>
        SlotLedger.BytesFor(profile, cpus, tasks, requests);

    public SlotProfile Profile => _profile;

    public int Cpus => _cpus;

    /// <summary>Every <see cref="SlotId.Index"/> is below it.</summary>
    public int Places => _ledger.Places;

    /// <summary>Words of the masks that <see cref="SlotRequest.CpuMask"/> goes with, 64 CPUs each.</summary>
    public int MaskWords => _ledger.MaskWords;

    /// <summary>Whether nothing is held and every count is zero. For tests and for the end; it looks at all of the memory.</summary>
    public bool IsEmpty => _ledger.IsEmpty;

    /// <summary>Takes the slots of a request on all of its CPUs, or on none.</summary>
    /// <param name="request">What, where, for whom.</param>
    /// <param name="cpus">The mask when the request says <see cref="SlotRequest.CpuMask"/>, else empty.</param>
    /// <param name="wait">Whether the caller may wait.</param>
    /// <param name="id">What to release; none when refused.</param>
    public SlotStatus Reserve(in SlotRequest request, ReadOnlySpan<ulong> cpus, SlotWait wait, out SlotId id) =>
        Reserve(request, cpus, wait, out id, out _);

    // The order is the place of the call among all that changed the pool or were refused: what a replay goes by.
    internal SlotStatus Reserve(in SlotRequest request, ReadOnlySpan<ulong> cpus, SlotWait wait, out SlotId id, out ulong order)
    {
        id = SlotId.None;
        order = 0;
        SlotStatus status = CheckTarget(request, cpus);
        if (status == SlotStatus.Ok)
        {
            status = SlotRules.Check(_profile, request, Forbidden, out _);
        }

        if (status != SlotStatus.Ok)
        {
            return status;
        }

        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        order = ++_ledger.Operations;
        if (_ledger.FreePlaces <= SlotLedger.SparePlaces(_profile))
        {
            status = SlotStatus.Full;
        }
        else
        {
            int index = _ledger.Take(request, cpus, _profile.ClassOf(request.Access));
            if (_ledger.TryEnter(index))
            {
                id = new SlotId(index, _ledger.EntryAt(index).Generation);
            }
            else
            {
                _ledger.Free(index);
                status = SlotStatus.Exhausted;
            }
        }

        Exit();
        return status;
    }

    public SlotStatus Release(SlotId id, SlotWait wait) => Release(id, wait, out _);

    internal SlotStatus Release(SlotId id, SlotWait wait, out ulong order)
    {
        order = 0;
        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        order = ++_ledger.Operations;
        bool isHeld = IsHeld(id);
        if (isHeld)
        {
            Release(id.Index);
        }

        Exit();
        return isHeld ? SlotStatus.Ok : SlotStatus.NotFound;
    }

    /// <summary>Releases all that is held for a task: it ended, or became another program .</summary>
    public SlotStatus ReleaseTask(int task, SlotWait wait)
    {
        if (task < 0 || task >= _tasks)
        {
            return SlotStatus.BadTarget;
        }

        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        _ledger.Operations++;
        int index = _ledger.FirstOf(task);
        for (; index >= 0; index = _ledger.FirstOf(task))
        {
            Release(index);
        }

        for (index = _ledger.FirstOnOneCpu(task); index >= 0; index = _ledger.FirstOnOneCpu(task))
        {
            Release(index);
        }

        Exit();
        return SlotStatus.Ok;
    }

    /// <summary>Changes address, length, access and <see cref="SlotFlags.Disabled"/> of what is held, without losing its slot to anybody .</summary>
    /// <remarks>When refused, all is as before. Target and <see cref="SlotFlags.Flexible"/> must be the same .</remarks>
    public SlotStatus Modify(SlotId id, in SlotRequest request, SlotWait wait)
    {
        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        _ledger.Operations++;
        SlotStatus status = IsHeld(id) ? ModifyHeld(id.Index, request) : SlotStatus.NotFound;
        Exit();
        return status;
    }

    /// <summary>What is held under an id, as it was last asked for.</summary>
    public SlotStatus TryGet(SlotId id, SlotWait wait, out SlotRequest request)
    {
        request = default;
        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        bool isHeld = IsHeld(id);
        if (isHeld)
        {
            request = _ledger.EntryAt(id.Index).Request;
        }

        Exit();
        return isHeld ? SlotStatus.Ok : SlotStatus.NotFound;
    }

    /// <summary>Goes through all that is held, to say who has the slots. Start with a cursor of 0.</summary>
    /// <returns><see cref="SlotStatus.NotFound"/> at the end.</returns>
    public SlotStatus TryNext(ref int cursor, SlotWait wait, out SlotId id, out SlotRequest request)
    {
        id = SlotId.None;
        request = default;
        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        SlotStatus status = SlotStatus.NotFound;
        for (; cursor < _ledger.Places && status == SlotStatus.NotFound; cursor++)
        {
            ref SlotEntry entry = ref _ledger.EntryAt(cursor);
            if (entry.IsUsed)
            {
                id = new SlotId(cursor, entry.Generation);
                request = entry.Request;
                status = SlotStatus.Ok;
            }
        }

        Exit();
        return status;
    }

    /// <summary>How many more pinned requests for this target and access would be granted (B-33).</summary>
    /// <param name="like">Its target and access count; address and length do not.</param>
    /// <param name="cpus">As in <see cref="Reserve(in SlotRequest, ReadOnlySpan{ulong}, SlotWait, out SlotId)"/>.</param>
    /// <param name="wait">Whether the caller may wait.</param>
    /// <param name="free">The number; more than one is free at the same time.</param>
    public SlotStatus CountFree(in SlotRequest like, ReadOnlySpan<ulong> cpus, SlotWait wait, out int free)
    {
        free = 0;
        SlotStatus status = CheckTarget(like, cpus);
        if (status != SlotStatus.Ok)
        {
            return status;
        }

        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        // By trying, so that the answer can be no other than what a reservation would get.
        SlotRequest pinned = like;
        pinned.Flags &= ~SlotFlags.Flexible;
        Span<int> tried = stackalloc int[SlotProfile.MaxSlots + 1];
        for (bool isHeld = true; isHeld;)
        {
            tried[free] = _ledger.Take(pinned, cpus, _profile.ClassOf(pinned.Access));
            isHeld = _ledger.TryEnter(tried[free]);
            free += isHeld ? 1 : 0;
        }

        _ledger.Free(tried[free]);
        for (int i = 0; i < free; i++)
        {
            Release(tried[i]);
        }

        Exit();
        return SlotStatus.Ok;
    }

    /// <summary>What the registers that a CPU uses should hold now.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="running">The task on each CPU that shares those registers, in order; <see cref="SlotRequest.NoTask"/> for idle ones.</param>
    /// <param name="turn">Goes up by one at each tick of whoever drives the time-sharing.</param>
    /// <param name="wait">Whether the caller may wait.</param>
    /// <param name="into">As long as there are registers.</param>
    /// <param name="count">How many are used.</param>
    public SlotStatus Layout(int cpu, ReadOnlySpan<int> running, uint turn, SlotWait wait, Span<SlotPlacement> into, out int count)
    {
        count = 0;
        if (cpu < 0 || cpu >= _cpus || running.Length != _profile.SharedBy)
        {
            return SlotStatus.BadTarget;
        }

        foreach (int task in running)
        {
            if (task != SlotRequest.NoTask && (task < 0 || task >= _tasks))
            {
                return SlotStatus.BadTarget;
            }
        }

        if (into.Length < _profile.DataSlots + (_profile.IsMixed ? 0 : _profile.InstructionSlots))
        {
            return SlotStatus.Full;
        }

        if (!TryEnter(wait))
        {
            return SlotStatus.Busy;
        }

        SlotLayout layout = new(_ledger, _profile, cpu / _profile.SharedBy, running, into);
        count = layout.Place(turn);
        Exit();
        return SlotStatus.Ok;
    }

    private ReadOnlySpan<ForbiddenRange> Forbidden => new(_forbidden, _forbiddenCount);

    private bool TryEnter(SlotWait wait)
    {
        if (wait == SlotWait.Never)
        {
            return WordLock.TryEnter(ref _ledger.Lock);
        }

        WordLock.Enter(ref _ledger.Lock);
        return true;
    }

    private void Exit() => WordLock.Exit(ref _ledger.Lock);

    private bool IsHeld(SlotId id) =>
        id.Index >= 0 && id.Index < _ledger.Places && _ledger.EntryAt(id.Index).IsUsed && _ledger.EntryAt(id.Index).Generation == id.Generation;

    private void Release(int index)
    {
        _ledger.Leave(index);
        _ledger.Free(index);
    }

    private SlotStatus ModifyHeld(int index, in SlotRequest request)
    {
        ref SlotEntry entry = ref _ledger.EntryAt(index);
        SlotRequest old = entry.Request;
        if (request.Cpu != old.Cpu || request.Task != old.Task || request.IsFlexible != old.IsFlexible)
        {
            return SlotStatus.BadTarget;
        }

        SlotStatus status = SlotRules.Check(_profile, request, Forbidden, out SlotForm form);
        if (status != SlotStatus.Ok)
        {
            return status;
        }

        SlotClass oldClass = entry.Class;
        if (form.Class != oldClass)
        {
            _ledger.Leave(index);
            entry.Class = form.Class;
            if (!_ledger.TryEnter(index))
            {
                // The old slot cannot be gone: nobody came in between.
                entry.Class = oldClass;
                _ledger.TryEnter(index);
                return SlotStatus.Exhausted;
            }
        }

        entry.Request = request;
        return SlotStatus.Ok;
    }

    private SlotStatus CheckTarget(in SlotRequest request, ReadOnlySpan<ulong> cpus)
    {
        bool hasTask = request.Task != SlotRequest.NoTask;
        if (hasTask && (request.Task < 0 || request.Task >= _tasks || request.Cpu == SlotRequest.CpuMask))
        {
            return SlotStatus.BadTarget;
        }

        if (request.Cpu != SlotRequest.CpuMask)
        {
            bool isCpu = request.Cpu >= SlotRequest.EveryCpu && request.Cpu < _cpus;
            return isCpu && cpus.Length == 0 ? SlotStatus.Ok : SlotStatus.BadTarget;
        }

        // A mask with no CPU would be granted and watch nothing (A-116 a); one with a CPU there cannot be would be armed in part.
        ulong any = 0;
        ulong beyond = 0;
        for (int word = 0; word < cpus.Length; word++)
        {
            int left = _cpus - (64 * word);
            any |= cpus[word];
            beyond |= left >= 64 ? 0 : cpus[word] >> left;
        }

        return cpus.Length == MaskWords && any != 0 && beyond == 0 ? SlotStatus.Ok : SlotStatus.BadTarget;
    }
}
