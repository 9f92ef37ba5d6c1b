using System.Collections.Generic;
using Haltpoint.Linux.PageTraps.Instructions;

namespace Haltpoint.Linux.PageTraps;

/// <summary>Which instruction's replacement is where in the scratch area's code. Each is written once and stays: threads come back to it.</summary>
internal sealed class ScratchCode
{
    public const int SlotLength = 32;

    private const int Slots = (int)(TrappedSpace.CodeLength / SlotLength) - DeviceStubs.Slots - HandlerCode.Slots;

    private readonly Dictionary<KnownInstruction, int> _slots = [];

    /// <param name="known">An instruction with code for a slot.</param>
    /// <param name="isNew">Whether the code has to be written there.</param>
    /// <returns>Offset of its slot.</returns>
    public int Find(KnownInstruction known, out bool isNew)
    {
        isNew = !_slots.TryGetValue(known, out int slot);
        if (isNew)
        {
            if (_slots.Count == Slots)
            {
                // Nobody is in a slot now: a step through one is waited for.
                _slots.Clear();
            }

            slot = _slots.Count;
            _slots.Add(known, slot);
        }

        return slot * SlotLength;
    }

    public void Clear() => _slots.Clear();
}
