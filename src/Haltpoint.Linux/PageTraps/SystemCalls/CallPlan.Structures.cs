using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// Structures with addresses in them (x86-64 layouts of linux/uio.h, socket.h, futex.h, sched.h, filter.h, aio_abi.h).
internal sealed partial class CallPlan
{
    private const int VectorSize = 16;
    private const int VectorMost = 1024;
    private const int MessageSize = 56;
    private const int MessagesSize = 64;
    private const int StringsMost = 1 << 17;
    private const int StringMost = 1 << 17;

    // The structures as they were read: the kernel is given what was judged, not what another thread made of it since.
    private byte[] _images = new byte[256];
    private int _imageLength;

    private void AddStructure(in Argument argument, int index, ulong address, ArmedRanges armed)
    {
        int first = _areaCount;
        int firstImage = _imageLength;
        switch (argument.Kind)
        {
            case ArgumentKind.Vector:
                AddVector(address, argument.Length.Most(_request.Arguments), argument.Direction, -1, index, argument.Length.Operand, armed);
                break;
            case ArgumentKind.Message:
                AddMessages(address, 1, MessageSize, argument.Direction, index, armed);
                break;
            case ArgumentKind.Messages:
                ulong count = argument.Length.Most(_request.Arguments) / MessagesSize;
                AddMessages(address, (int)Math.Min(count, VectorMost), MessagesSize, argument.Direction, index, armed);
                break;
            case ArgumentKind.Strings:
                AddStrings(address, index, armed);
                break;
            case ArgumentKind.SignalSet:
                AddHolder(address, 16, index, WrittenParts.None, armed);
                AddMember(0, ImageLong(first, 8), CallDirection.Read, armed, first);
                break;
            case ArgumentKind.FutexWaiters:
                AddFutexWaiters(address, argument.Length, index, armed);
                break;
            case ArgumentKind.CloneArguments:
                AddCloneArguments(address, argument.Length.Most(_request.Arguments), index, armed);
                break;
            case ArgumentKind.ParentThread or ArgumentKind.ChildThread:
                AddThreadWord(argument.Kind, address, index, armed);
                break;
            case ArgumentKind.FilterProgram:
                AddHolder(address, 16, index, WrittenParts.None, armed);
                AddMember(8, (ImageLong(first, 0) & ushort.MaxValue) * 8, CallDirection.Read, armed, first);
                break;
            case ArgumentKind.Interfaces:
                AddHolder(address, 16, index, WrittenParts.InterfacesLength, armed);
                AddMember(8, ImageLong(first, 0) & int.MaxValue, CallDirection.Written, armed, first);
                break;
            case ArgumentKind.RemoteVector when _request.Arguments[0] == (ulong)_request.Process:
                AddVector(address, argument.Length.Most(_request.Arguments), argument.Direction, -1, index, argument.Length.Operand, armed);
                break;
            case ArgumentKind.RegisterSet:
                AddHolder(address, VectorSize, index, WrittenParts.VectorLength, armed);
                AddMember(0, ImageLong(first, 8), argument.Direction, armed, first, CallTransfer.LengthWord);
                break;
            case ArgumentKind.ControlBlocks:
                AddControlBlocks(address, argument.Length, index, armed);
                break;
            case ArgumentKind.Ranges or ArgumentKind.Pages or ArgumentKind.RangeStructure:
                LookForRanges(argument, address, index, armed);
                break;
        }

        for (int i = first; i < _areaCount; i++)
        {
            if (_areas[i].IsArmed)
            {
                return;
            }
        }

        _areaCount = first;
        _imageLength = firstImage;
    }

    /// <summary>A structure that holds addresses.</summary>
    private void AddHolder(ulong address, int length, int index, WrittenParts parts, ArmedRanges armed, int parent = -1, int countOffset = -1)
    {
        if (_images.Length - _imageLength < length)
        {
            Array.Resize(ref _images, Math.Max(_images.Length * 2, _imageLength + length));
        }

        Span<byte> bytes = _images.AsSpan(_imageLength, length);
        int count = memory.Read(address, bytes);
        // What cannot be read leads nowhere, and the kernel will say so.
        bytes[count..].Clear();
        int area = AddArea(
            new CallArea
            {
                Address = address,
                Length = (ulong)length,
                Direction = parts == WrittenParts.None ? CallDirection.Read : CallDirection.Both,
                Parts = parts,
                Unit = 1,
                Parent = parent,
                Offset = index,
                CountOffset = countOffset,
            },
            armed);
        _areas[area].Image = _imageLength;
        _imageLength += length;
    }

    /// <summary>Bytes whose address a structure holds.</summary>
    private void AddMember(int offset, ulong length, CallDirection direction, ArmedRanges armed, int holder, CallTransfer transfer = CallTransfer.Whole, ulong before = 0)
    {
        AddIfArmed(
            new CallArea
            {
                Address = ImageLong(holder, offset),
                Length = length,
                Direction = direction,
                Transfer = transfer,
                Unit = 1,
                Before = before,
                Parent = holder,
                Offset = offset,
                CountOffset = -1,
            },
            armed);
    }

    private void AddVector(ulong address, ulong bytes, CallDirection direction, int parent, int index, int countOffset, ArmedRanges armed, CallTransfer transfer = CallTransfer.Shared)
    {
        int length = (int)Math.Min(bytes, VectorMost * VectorSize);
        if (length == 0)
        {
            return;
        }

        int holder = _areaCount;
        AddHolder(address, length, index, WrittenParts.None, armed, parent, countOffset);
        ulong before = 0;
        for (int offset = 0; offset < length; offset += VectorSize)
        {
            ulong size = ImageLong(holder, offset + 8);
            AddMember(offset, size, direction, armed, holder, transfer, before);
            before += size;
        }
    }

    private void AddMessages(ulong address, int count, int size, CallDirection direction, int index, ArmedRanges armed)
    {
        if (count == 0)
        {
            return;
        }

        bool isReceived = direction == CallDirection.Written;
        WrittenParts parts = (isReceived, size) switch
        {
            (true, MessageSize) => WrittenParts.Message,
            (true, _) => WrittenParts.ReceivedMessages,
            (false, MessageSize) => WrittenParts.None,
            _ => WrittenParts.SentMessages,
        };
        int holder = _areaCount;
        AddHolder(address, count * size, index, parts, armed);
        CallTransfer length = isReceived ? CallTransfer.LengthWord : CallTransfer.Whole;
        for (int at = 0; at < count * size; at += size)
        {
            AddMember(at, ImageLong(holder, at + 8) & uint.MaxValue, direction, armed, holder, length);
            AddVector(ImageLong(holder, at + 16), ImageLong(holder, at + 24) * VectorSize, direction, holder, at + 16, at + 24, armed);
            AddMember(at + 32, ImageLong(holder, at + 40), direction, armed, holder, length);
        }
    }

    private void AddStrings(ulong address, int index, ArmedRanges armed)
    {
        int count = 0;
        while (count < StringsMost && ReadLong(address + (ulong)count * 8) != 0)
        {
            count++;
        }

        int holder = _areaCount;
        AddHolder(address, (count + 1) * 8, index, WrittenParts.None, armed);
        for (int i = 0; i < count; i++)
        {
            ulong text = ImageLong(holder, i * 8);
            if (armed.Touch(text, StringMost))
            {
                int member = _areaCount;
                AddMember(i * 8, TextLength(text, StringMost), CallDirection.Read, armed, holder);
                if (member < _areaCount)
                {
                    _areas[member].TextMost = StringMost;
                }
            }
        }
    }

    private void AddFutexWaiters(ulong address, ArgumentLength length, int index, ArmedRanges armed)
    {
        const int WaiterSize = 24;
        int bytes = (int)Math.Min(length.Most(_request.Arguments), 128 * WaiterSize);
        int holder = _areaCount;
        AddHolder(address, bytes, index, WrittenParts.None, armed);
        for (int offset = 0; offset < bytes; offset += WaiterSize)
        {
            AddMember(offset + 8, 4, CallDirection.Read, armed, holder);
        }
    }

    private void AddControlBlocks(ulong address, ArgumentLength length, int index, ArmedRanges armed)
    {
        const int ReadVectors = 7;
        const int BlockSize = 64;
        int bytes = (int)Math.Min(length.Most(_request.Arguments), VectorMost * 8);
        int holder = _areaCount;
        AddHolder(address, bytes, index, WrittenParts.None, armed);
        for (int offset = 0; offset < bytes; offset += 8)
        {
            int block = _areaCount;
            AddHolder(ImageLong(holder, offset), BlockSize, offset, WrittenParts.None, armed, holder);
            int operation = (int)(ImageLong(block, 16) & ushort.MaxValue);
            CallDirection direction = (operation & 1) == 0 ? CallDirection.Written : CallDirection.Read;
            if (operation >= ReadVectors)
            {
                AddVector(ImageLong(block, 24), ImageLong(block, 32) * VectorSize, direction, block, 24, 32, armed, CallTransfer.Whole);
            }
            else if (operation < 2)
            {
                AddMember(24, ImageLong(block, 32), direction, armed, block);
            }
        }

        // The kernel gives the address of each block back when it is done: they have to stay where they are.
        _touchesRange |= AnyArmedFrom(holder);
    }

    private void LookForRanges(in Argument argument, ulong address, int index, ArmedRanges armed)
    {
        int step = argument.Kind == ArgumentKind.Pages ? 8 : VectorSize;
        int bytes = (int)Math.Min(argument.Length.Most(_request.Arguments), (ulong)(VectorMost * step));
        int holder = _areaCount;
        AddHolder(address, bytes, index, WrittenParts.None, armed);
        for (int offset = 0; offset + step <= bytes; offset += step)
        {
            ulong length = argument.Kind == ArgumentKind.Pages ? 1 : ImageLong(holder, offset + 8);
            _touchesRange |= armed.Touch(ImageLong(holder, offset), length);
        }
    }

    private bool AnyArmedFrom(int first)
    {
        for (int i = first; i < _areaCount; i++)
        {
            if (_areas[i].IsArmed)
            {
                return true;
            }
        }

        return false;
    }

    private ulong ImageLong(int holder, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_images.AsSpan(_areas[holder].Image + offset));
}
