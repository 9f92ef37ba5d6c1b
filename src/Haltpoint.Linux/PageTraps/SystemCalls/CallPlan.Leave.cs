using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// What the call really touched, and what has to get back to the program.
internal sealed partial class CallPlan
{
    private const long Fault = -14;
    private const long Interrupted = -4;
    private const long FirstRestart = -516;
    private const long LastRestart = -512;
    private const long NoSuchRequest = -515;

    private CallAccess[] _accesses = new CallAccess[8];
    private int _accessCount;

    /// <summary>After <see cref="Leave"/>: what the kernel touched in and around armed ranges, in the order of the arguments.</summary>
    public ReadOnlySpan<CallAccess> Accesses => _accesses.AsSpan(0, _accessCount);

    /// <summary>After <see cref="Enter"/>: what it may touch.</summary>
    public ReadOnlySpan<CallArea> Areas => _areas.AsSpan(0, _areaCount);

    /// <summary>At the exit stop.</summary>
    /// <param name="result">The return value register.</param>
    public CallEnd Leave(long result)
    {
        if (_request.Abi == CallAbi.Ia32)
        {
            result = (int)result;
        }

        Result = result;
        _accessCount = 0;
        if (Call?.Class == SystemCallClass.SignalReturn)
        {
            // The register holds what the frame had in it.
            result = 0;
        }

        if (result == Fault && _action is CallAction.Follow or CallAction.Translate && Call is null or { IsPartlyKnown: true })
        {
            _isToRetry = true;
            return CallEnd.RetryOpened;
        }

        ReturnNameLength(result);
        bool isRestarting = IsRestart(result);
        for (int i = 0; i < _areaCount; i++)
        {
            Finish(ref _areas[i], result);
        }

        _isRestarting = isRestarting;
        _isRepeated |= isRestarting;
        _isToRetry = isRestarting && _wasRetried;
        _isSuspended = result == RestartBlock && _action is CallAction.Translate or CallAction.Open;
        return _isSuspended ? CallEnd.Suspended : CallEnd.Done;
    }

    private void Finish(ref CallArea area, long result)
    {
        if ((area.Direction & CallDirection.Read) != 0 && area.IsArmed && !_isRepeated)
        {
            AddAccess(area.Address, BytesRead(area, result), isWrite: false);
        }

        if ((area.Direction & CallDirection.Written) == 0 || (area.Parts == WrittenParts.All && !area.IsArmed))
        {
            return;
        }

        ulong length = BytesWritten(area, result);
        if (area.Parts is WrittenParts.SentMessages or WrittenParts.ReceivedMessages)
        {
            length = Math.Min(length, (ulong)Math.Max(result, 0) * MessagesSize);
        }

        if (length == 0)
        {
            return;
        }

        if (area.Parts == WrittenParts.All)
        {
            Return(area, 0, length);
            return;
        }

        ReadOnlySpan<PartOfElement> parts = PartOfElement.Of(area.Parts, out uint element);
        for (ulong at = 0; at + element <= length; at += element)
        {
            foreach (PartOfElement part in parts)
            {
                Return(area, at + part.Offset, part.Length);
            }
        }
    }

    private void Return(in CallArea area, ulong offset, ulong length)
    {
        if (area is { IsElsewhere: true, IsSplit: false } && _action == CallAction.Translate && !CopyBack(area, offset, length))
        {
            Result = Fault;
        }

        if (area.IsArmed)
        {
            AddAccess(area.Address + offset, length, isWrite: true);
        }
    }

    private bool CopyBack(in CallArea area, ulong offset, ulong length)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            Span<byte> content = bytes.AsSpan(0, (int)length);
            return memory.Read(area.Given + offset, content) == content.Length && memory.TryWrite(area.Address + offset, content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private ulong BytesRead(in CallArea area, long result) =>
        area.Transfer is CallTransfer.Returned or CallTransfer.Shared ? Transferred(area, OfMessage(area, result)) : area.Length;

    private ulong BytesWritten(in CallArea area, long result) => area.Transfer switch
    {
        CallTransfer.Returned or CallTransfer.Shared => Transferred(area, OfMessage(area, result)),
        CallTransfer.WhenPositive => result > 0 ? area.Length : 0,
        CallTransfer.WhenInterrupted => result == Interrupted || result is >= FirstRestart and <= LastRestart ? area.Length : 0,
        CallTransfer.Always => area.Length,
        CallTransfer.LengthWord => IsError(OfMessage(area, result)) ? 0 : Math.Min(area.Length, LengthAfter(area)),
        _ => IsError(result) ? 0 : area.Length,
    };

    private static ulong Transferred(in CallArea area, long result)
    {
        if (IsError(result) || (result == 0 && area.Extra == 0))
        {
            return 0;
        }

        ulong bytes = area.Extra + ((ulong)result * area.Unit);
        return bytes <= area.Before ? 0 : Math.Min(area.Length, bytes - area.Before);
    }

    /// <summary>What the call would have returned for the one message of several that the area belongs to.</summary>
    private long OfMessage(in CallArea area, long result)
    {
        int holder = area.Parent;
        int offset = area.Offset;
        if (holder >= 0 && _areas[holder] is { Parent: >= 0 } vector)
        {
            holder = vector.Parent;
            offset = vector.Offset;
        }

        if (holder < 0 || _areas[holder].Parts is not (WrittenParts.SentMessages or WrittenParts.ReceivedMessages))
        {
            return result;
        }

        int message = offset / MessagesSize;
        return message >= result ? Interrupted : ReadWord(GivenNow(_areas[holder]) + ((ulong)message * MessagesSize) + MessageSize);
    }

    /// <summary>Name and control lengths stand behind their addresses in a msghdr; of others, an argument points to the length.</summary>
    private ulong LengthAfter(in CallArea area)
    {
        if (area.Parent >= 0)
        {
            return ReadWord(GivenNow(_areas[area.Parent]) + (ulong)area.Offset + 8);
        }

        return ReadWord(GivenFor(area.LengthAddress));
    }

    /// <summary>Where the kernel was sent for an argument.</summary>
    private ulong GivenFor(ulong address)
    {
        for (int i = 0; i < _areaCount; i++)
        {
            if (_areas[i].Parent < 0 && _areas[i].Address == address)
            {
                return GivenNow(_areas[i]);
            }
        }

        return address;
    }

    private ulong GivenNow(in CallArea area) => _action == CallAction.Translate ? area.Given : area.Address;

    // The kernel's error numbers are the last 4095 values (MAX_ERRNO).
    private static bool IsError(long result) => result is < 0 and >= -4095;

    private void AddAccess(ulong address, ulong length, bool isWrite)
    {
        if (length == 0)
        {
            return;
        }

        if (_accessCount == _accesses.Length)
        {
            Array.Resize(ref _accesses, _accesses.Length * 2);
        }

        _accesses[_accessCount++] = new CallAccess(address, length, isWrite);
    }
}
