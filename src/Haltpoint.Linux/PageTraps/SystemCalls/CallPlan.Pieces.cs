using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// Long buffers that cross the end of an armed range, given as the pieces they consist of.
internal sealed partial class CallPlan
{
    private bool HasSplitMember(in CallArea area)
    {
        if (area.Image < 0)
        {
            return false;
        }

        for (int i = 0; i < _areaCount; i++)
        {
            if (_areas[i].IsSplit && _areas[i].Parent >= 0 && _areas[_areas[i].Parent].Image == area.Image)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A vector with more entries than the program's.</summary>
    private bool PlaceInPieces(ref CallArea vector, ArmedRanges armed)
    {
        Span<byte> pieces = stackalloc byte[VectorMost * VectorSize];
        int length = 0;
        for (int offset = 0; offset < (int)vector.Length; offset += VectorSize)
        {
            Span<byte> entry = _images.AsSpan(vector.Image + offset, VectorSize);
            if (!AddPieces(pieces, ref length, BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), armed))
            {
                return false;
            }
        }

        for (int i = 0; i < _areaCount; i++)
        {
            if (_areas[i].Parent >= 0 && _areas[_areas[i].Parent].Image == vector.Image)
            {
                _areas[i].IsSplit = true;
                _areas[i].IsCrossing = false;
            }
        }

        vector.IsSplit = true;
        return GivePieces(ref vector, pieces[..length], vector.Parent, vector.CountOffset);
    }

    private bool GiveVectorInstead(ref CallArea buffer, ArmedRanges armed)
    {
        Span<byte> pieces = stackalloc byte[VectorMost * VectorSize];
        int length = 0;
        if (!AddPieces(pieces, ref length, buffer.Address, buffer.Length, armed)
            || !GivePieces(ref buffer, pieces[..length], -1, buffer.CountOffset))
        {
            return false;
        }

        // The offset of preadv and pwritev comes in two halves, the second of which counts for nothing in a 64-bit program.
        Number = Call!.VectorTwin;
        buffer.IsCrossing = false;
        buffer.IsSplit = true;
        return true;
    }

    private bool GivePieces(ref CallArea area, ReadOnlySpan<byte> pieces, int countParent, int countOffset)
    {
        area.Given = memory.AllocateScratch(pieces.Length);
        if (area.Given == 0 || !memory.TryWrite(area.Given, pieces))
        {
            return false;
        }

        Patch(countParent, countOffset, (ulong)(pieces.Length / VectorSize));
        PatchAddress(area);
        return true;
    }

    private static bool AddPieces(Span<byte> pieces, ref int length, ulong address, ulong bytes, ArmedRanges armed)
    {
        do
        {
            if (length == pieces.Length)
            {
                return false;
            }

            ulong piece = armed.PieceAt(address, bytes, out ulong given);
            BinaryPrimitives.WriteUInt64LittleEndian(pieces[length..], given);
            BinaryPrimitives.WriteUInt64LittleEndian(pieces[(length + 8)..], piece);
            length += VectorSize;
            address += piece;
            bytes -= piece;
        }
        while (bytes > 0);

        return true;
    }
}
