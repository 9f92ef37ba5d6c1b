using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// What the kernel is given instead.
internal sealed partial class CallPlan
{
    // Above it a buffer of a vector is given in pieces instead of through scratch. Files whose reads must not be cut in two
    // (eventfd, inotify, signalfd) are never read with that much.
    private const int BounceMost = 1 << 16;

    private bool Place(ArmedRanges armed)
    {
        for (int i = _areaCount - 1; i >= 0; i--)
        {
            ref CallArea area = ref _areas[i];
            area.IsSplit = area is { IsCrossing: true, Transfer: CallTransfer.Shared, Length: > BounceMost, Parent: >= 0 };
            if (area.Parent >= 0 && (area.IsArmed || area.IsElsewhere))
            {
                _areas[area.Parent].IsRewritten = true;
            }
        }

        for (int i = 0; i < _areaCount; i++)
        {
            if (!Place(ref _areas[i], armed))
            {
                return false;
            }
        }

        // A vector is complete only when all of its buffers have their place.
        for (int i = 0; i < _areaCount; i++)
        {
            ref CallArea area = ref _areas[i];
            if (area is { IsRewritten: true, IsSplit: false }
                && !memory.TryWrite(area.Given, _images.AsSpan(area.Image, (int)area.Length)))
            {
                return false;
            }
        }

        return _piecesGiven == 0 || GiveMessageInstead();
    }

    private bool HasTwin => Call!.VectorTwin != 0 || Call.MessageTwin != 0;

    private bool Place(ref CallArea area, ArmedRanges armed)
    {
        if (area.IsSplit)
        {
            return true;
        }

        if (HasSplitMember(area))
        {
            return PlaceInPieces(ref area, armed);
        }

        if (area.IsElsewhere)
        {
            if (area is { IsRewritten: false, Parent: -1, Transfer: CallTransfer.Returned, Length: > BounceMost } && HasTwin)
            {
                return Call!.VectorTwin != 0 ? GiveVectorInstead(ref area, armed) : CutForMessage(ref area, armed);
            }

            if (!IsReadable(area))
            {
                // It is left where the kernel will fail to read it, as it would have.
                area.IsCrossing = false;
                return true;
            }

            area.Given = memory.AllocateScratch(Room(area.Length));
            if (area.Given == 0 || (!area.IsRewritten && !CopyIn(area)))
            {
                return false;
            }
        }
        else if (area.IsArmed)
        {
            armed.Hold(area.Address, area.Length, out ulong delta);
            area.Given = area.Address + delta;
        }

        PatchAddress(area);
        return true;
    }

    private void PatchAddress(in CallArea area)
    {
        if (area.Given == area.Address)
        {
            return;
        }

        IsChanged = true;
        Patch(area.Parent, area.Offset, area.Given);
    }

    private void Patch(int parent, int offset, ulong value)
    {
        if (parent < 0)
        {
            _arguments[offset] = value;
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_images.AsSpan(_areas[parent].Image + offset), value);
        }
    }

    // An area that the kernel reads in full must be there in full.
    private bool IsReadable(in CallArea area)
    {
        if (area.IsRewritten || (area.Direction & CallDirection.Read) == 0 || area.Length == 0)
        {
            return true;
        }

        Span<byte> last = stackalloc byte[1];
        return memory.Read(area.Address + area.Length - 1, last) == 1 && (area.TextMost == 0 || last[0] == 0 || area.Length == area.TextMost);
    }

    private bool CopyIn(in CallArea area)
    {
        // Of what is only written, the call says how much it was, or it leaves holes.
        if (area is { Direction: CallDirection.Written, Transfer: CallTransfer.Returned or CallTransfer.Shared or CallTransfer.LengthWord })
        {
            return true;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)area.Length);
        try
        {
            Span<byte> content = bytes.AsSpan(0, (int)area.Length);
            int count = memory.Read(area.Address, content);
            return memory.TryWrite(area.Given, content[..count]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static int Room(ulong length) => length > int.MaxValue - 15 ? int.MaxValue : (int)((length + 15) & ~15ul);
}
