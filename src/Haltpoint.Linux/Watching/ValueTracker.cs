using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Decoding;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>What the watched bytes of one slot hold, hit by hit.</summary>
/// <remarks>
/// A plain store says what it wrote. An instruction that changes what is there does so only together with what was there, which the
/// hit before it says, if that was certain and none was lost in between. Hits of two CPUs within <see cref="OrderGuard"/> may have
/// happened in another order than their time stamps say: what follows from such an order is not called certain.
/// </remarks>
internal sealed class ValueTracker(ulong start, int length)
{
    // A debug exception on a busy virtual machine may be held up this long between the access and the time stamp.
    private const long OrderGuard = 1_000_000;

    private ulong _value;
    private bool _isKnown;
    private bool _isCertain;
    private long _lastTime;
    private int _lastThread;
    private bool _hadHit;

    public ulong Start => start;

    public int Length => length;

    /// <summary>A copy, for a process that begins with a copy of the memory.</summary>
    public ValueTracker Clone() => (ValueTracker)MemberwiseClone();

    /// <summary>What was read after the watch was armed; nothing was written between this and the next hit.</summary>
    public void Begin(ulong value, long time)
    {
        if (!_hadHit)
        {
            (_value, _isKnown, _isCertain, _lastTime) = (value, true, true, time);
        }
    }

    /// <summary>Hits were lost: what was there is no longer known.</summary>
    public void Forget() => (_isKnown, _isCertain, _hadHit) = (false, false, true);

    /// <summary>Takes a hit into account and says what it did.</summary>
    /// <param name="access">The instruction; null when it is not known.</param>
    /// <param name="registers">After it.</param>
    /// <param name="time">When.</param>
    /// <param name="thread">By whom.</param>
    /// <param name="memory">Where to read what is there now, if the answer must come from there.</param>
    public ValueChange Apply(DecodedAccess? access, in PerfRegisters registers, long time, int thread, ProcessMemory memory)
    {
        if (!_hadHit && time < _lastTime)
        {
            Forget(); // It came between arming and reading: what was read is not what it found.
        }

        bool isOrdered = thread == _lastThread || time - _lastTime > OrderGuard;
        (_hadHit, _lastTime, _lastThread) = (true, time, thread);
        ulong? old = _isKnown ? _value : null;
        if (access is { } known && TryWorkOut(known, registers, isOrdered, ref old, out ulong value, out bool isExact))
        {
            (_value, _isKnown, _isCertain) = (value, true, isExact);
            return new ValueChange(value, old, isExact);
        }

        ulong? now = memory.TryReadValue(start, length, out ulong there) ? there : null;
        (_value, _isKnown, _isCertain) = (now ?? _value, now is not null, false);
        return new ValueChange(now, old, false);
    }

    private bool TryWorkOut(in DecodedAccess access, in PerfRegisters registers, bool isOrdered, ref ulong? old, out ulong value, out bool isExact)
    {
        value = 0;
        isExact = false;
        AccessRecipe recipe = access.Recipe;
        if (recipe.Operation is AccessOperation.Unknown)
        {
            return false;
        }

        if (recipe.Operation is AccessOperation.Read)
        {
            // It changed nothing: what is certain to be there was there.
            value = _value;
            isExact = _isCertain && isOrdered;
            return _isKnown;
        }

        bool isPair = recipe.Operation == AccessOperation.CompareExchangePair;
        int size = isPair ? recipe.Size / 2 : recipe.Size;
        ulong operand = recipe.HasAddress ? recipe.AddressOf(registers) : start;
        int half = isPair && start >= operand + (ulong)size ? 1 : 0;
        operand += (ulong)(half * size);
        if (size > 8 || (!recipe.HasAddress && size != length))
        {
            return false;
        }

        bool isInside = operand >= start && operand + (ulong)size <= start + (ulong)length;
        ulong? before = isInside && _isKnown ? Extract(_value, operand, size) : null;
        WrittenValue written = WrittenValue.Of(recipe, registers, before, half);
        bool isWhole = operand <= start && operand + (ulong)size >= start + (ulong)length;
        if (written.Old is { } was && (isWhole || _isKnown))
        {
            old = Merge(old ?? 0, was, operand, size);
        }

        if (written.New is not { } now || !(isWhole || _isKnown))
        {
            return false;
        }

        value = Merge(_value, now, operand, size);
        bool needsBefore = !isWhole || recipe.Operation is >= AccessOperation.Add and <= AccessOperation.ShiftRightSigned;
        // A repeated store may have done several rounds before it reported (SDM vol. 3, 18.3.1.2 on fast string operations).
        bool isOneRound = recipe.Operation != AccessOperation.StoreString || isWhole;
        isExact = access.IsCertain && isOneRound && (!needsBefore || (_isCertain && isOrdered));
        return true;
    }

    private ulong Extract(ulong bytes, ulong address, int size) => (bytes >> (8 * (int)(address - start))) & AccessRecipe.Mask(size);

    // Puts the part of the operand that is watched over what was there.
    private ulong Merge(ulong under, ulong over, ulong address, int size)
    {
        Span<byte> result = MemoryMarshal.AsBytes(new Span<ulong>(ref under));
        ReadOnlySpan<byte> source = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in over));
        for (int i = 0; i < length; i++)
        {
            ulong offset = start + (ulong)i - address;
            if (offset < (ulong)size)
            {
                result[i] = source[(int)offset];
            }
        }

        return under & AccessRecipe.Mask(length);
    }
}
