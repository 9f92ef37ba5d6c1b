using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// sendto and recvfrom with a buffer in pieces: sendmsg and recvmsg do the same with a vector.
internal sealed partial class CallPlan
{
    private const int NameArgument = 4;
    private const int NameLengthArgument = 5;
    private const int FlagsArgument = 3;

    private ulong _piecesGiven;
    private int _pieceCount;
    private ulong _messageGiven;

    private bool CutForMessage(ref CallArea buffer, ArmedRanges armed)
    {
        Span<byte> pieces = stackalloc byte[VectorMost * VectorSize];
        int length = 0;
        if (!AddPieces(pieces, ref length, buffer.Address, buffer.Length, armed))
        {
            return false;
        }

        _piecesGiven = memory.AllocateScratch(length);
        _pieceCount = length / VectorSize;
        buffer.IsCrossing = false;
        buffer.IsSplit = true;
        return _piecesGiven != 0 && memory.TryWrite(_piecesGiven, pieces[..length]);
    }

    private bool GiveMessageInstead()
    {
        Span<byte> header = stackalloc byte[MessageSize];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, _arguments[NameArgument]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], NameLength());
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], _piecesGiven);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)_pieceCount);
        _messageGiven = memory.AllocateScratch(MessageSize);
        if (_messageGiven == 0 || !memory.TryWrite(_messageGiven, header))
        {
            return false;
        }

        Number = Call!.MessageTwin;
        _arguments = new CallArguments(_request.Arguments[0], _messageGiven, _request.Arguments[FlagsArgument]);
        IsChanged = true;
        return true;
    }

    /// <summary>recvfrom leaves the length of the name where an argument points; recvmsg has left it in the header.</summary>
    private void ReturnNameLength(long result)
    {
        if (_messageGiven == 0 || IsError(result) || !LengthIsPointedTo || _request.Arguments[NameArgument] == 0)
        {
            return;
        }

        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, ReadWord(_messageGiven + 8));
        if (!memory.TryWrite(GivenFor(_request.Arguments[NameLengthArgument]), length))
        {
            Result = Fault;
        }
    }

    private bool LengthIsPointedTo => Call!.Arguments[NameLengthArgument].Kind != ArgumentKind.Value;

    private uint NameLength()
    {
        ulong length = _request.Arguments[NameLengthArgument];
        return !LengthIsPointedTo ? (uint)length : _request.Arguments[NameArgument] == 0 ? 0 : ReadWord(length);
    }
}
