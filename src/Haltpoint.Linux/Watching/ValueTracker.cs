using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Decoding;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>What the watched bytes of one slot hold, hit by hit.</summary>
/// <remarks>
/// A plain store says what it wrote. An instruction that changes what is there does so only together with what was there, which the
/// hits before it say, if none was lost in between and their order is certain. It is not between hits of two threads within
/// <see cref="OrderGuard"/>: these may have happened in another order than their time stamps say. Then what depends on the order is not
/// called exact; but additions, for example, give the same sum in any order, so what is there after them is certain again.
/// </remarks>
internal sealed class ValueTracker(ulong start, int length)
{
    /// <summary>So many nanoseconds a debug exception may be held up between the access and the time stamp.</summary>
    public const long OrderGuard = 20_000;

    private readonly byte _allBytes = (byte)((1 << length) - 1);
    private ulong _value;
    private bool _isKnown;

    // A bit for each byte of which the value is beyond doubt.
    private byte _certain;
    private long _lastTime;
    private int _lastThread;
    private int _lastGroup;

    // The bytes that hits touched which may have come after the next one.
    private byte _recent;
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
            (_value, _isKnown, _certain, _lastTime) = (value, true, _allBytes, time);
        }
    }

    /// <summary>Hits were lost: what was there is no longer known.</summary>
    public void Forget() => (_isKnown, _certain, _hadHit) = (false, 0, true);

    /// <summary>Takes a hit into account and says what it did.</summary>
    /// <param name="access">The instruction; null when it is not known.</param>
    /// <param name="registers">After it.</param>
    /// <param name="time">When.</param>
    /// <param name="thread">By whom.</param>
    /// <param name="hasRival">Whether a hit of another thread follows within <see cref="OrderGuard"/>.</param>
    /// <param name="memory">Where to read what is there now, if the answer must come from there.</param>
    public ValueChange Apply(DecodedAccess? access, in PerfRegisters registers, long time, int thread, bool hasRival, ProcessMemory memory)
    {
        if (!_hadHit && time < _lastTime)
        {
            Forget(); // It came between arming and reading: what was read is not what it found.
        }

        bool isBehindLast = thread == _lastThread || time - _lastTime > OrderGuard;
        byte contested = isBehindLast ? (byte)0 : _recent;
        int group = access is { } one ? CommutingGroup(one.Recipe.Operation) : 0;
        bool commutes = group != 0 && group == _lastGroup;
        _recent = time - _lastTime > OrderGuard ? (byte)0 : _recent;
        (_hadHit, _lastTime, _lastThread, _lastGroup) = (true, time, thread, group);
        ulong? old = _isKnown ? _value : null;
        if (access is { } known && TryWorkOut(known, registers, ref old, out ulong value, out byte touched, out bool dependsOnBefore))
        {
            _recent |= touched;
            byte before = _certain;
            byte inDoubt = hasRival ? _allBytes : contested;
            byte written = (byte)(dependsOnBefore ? touched & before : touched);
            bool isExact = IsCertain(known) && ((written & (dependsOnBefore ? ~inDoubt : 0xFF)) | (before & ~touched & ~inDoubt)) == _allBytes;
            // Operations that commute leave the same in any order, however uncertain each one's own share is.
            byte settled = (byte)(commutes ? written : written & ~contested);
            _certain = (byte)((before & ~touched) | (IsCertain(known) ? settled : 0));
            (_value, _isKnown) = (value, true);
            return new ValueChange(value, old, isExact);
        }

        ulong? now = memory.TryReadValue(start, length, out ulong there) ? there : null;
        (_value, _isKnown, _certain, _recent) = (now ?? _value, now is not null, 0, _allBytes);
        return new ValueChange(now, old, false);

        // A repeated store may have done several rounds before it reported (SDM vol. 1, 7.3.9.3 on fast strings).
        bool IsCertain(DecodedAccess a) => a.IsCertain && (a.Recipe.Operation != AccessOperation.StoreString || touched == _allBytes);
    }

    private static int CommutingGroup(AccessOperation operation) => operation switch
    {
        AccessOperation.Add or AccessOperation.Subtract => 1,
        AccessOperation.And => 2,
        AccessOperation.Or => 3,
        AccessOperation.Xor or AccessOperation.Not => 4,
        AccessOperation.Read or AccessOperation.Load => 5,
        _ => 0,
    };

    private bool TryWorkOut(
        in DecodedAccess access, in PerfRegisters registers, ref ulong? old, out ulong value, out byte touched, out bool dependsOnBefore)
    {
        AccessRecipe recipe = access.Recipe;
        (value, touched, dependsOnBefore) = (0, 0, false);
        if (recipe.Operation is AccessOperation.Unknown or AccessOperation.Read)
        {
            // A read changed nothing: what was there is there.
            value = _value;
            return recipe.Operation == AccessOperation.Read && _isKnown;
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
        touched = Touched(operand, size);
        ulong? before = isInside && _isKnown ? Extract(_value, operand, size) : null;
        WrittenValue written = WrittenValue.Of(recipe, registers, before, half);
        bool isWhole = touched == _allBytes;
        if (written.Old is { } was && (isWhole || _isKnown))
        {
            old = Merge(old ?? 0, was, operand, size);
        }

        if (written.New is not { } now || !(isWhole || _isKnown))
        {
            return false;
        }

        value = Merge(_value, now, operand, size);
        dependsOnBefore = recipe.Operation is >= AccessOperation.Add and <= AccessOperation.ShiftRightSigned;
        return true;
    }

    private byte Touched(ulong operand, int size)
    {
        int bits = 0;
        for (int i = 0; i < length; i++)
        {
            bits |= start + (ulong)i - operand < (ulong)size ? 1 << i : 0;
        }

        return (byte)bits;
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
