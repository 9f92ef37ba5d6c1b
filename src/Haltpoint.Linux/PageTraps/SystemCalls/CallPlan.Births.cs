using System;
using System.Buffers.Binary;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

// Frames that a signal handler returns through, and the words in which a new thread's number is left.
internal sealed partial class CallPlan
{
    private const ulong ShareMemory = 0x100;
    private const ulong PidFd = 0x1000;
    private const ulong ParentSetTid = 0x100000;
    private const ulong ChildClearTid = 0x200000;
    private const ulong ChildSetTid = 0x1000000;

    private void AddThreadWord(ArgumentKind kind, ulong address, int index, ArmedRanges armed)
    {
        ulong flags = _request.Arguments[0];
        if (kind == ArgumentKind.ParentThread)
        {
            AddThreadWord(flags & (ParentSetTid | PidFd), address, -1, index, armed);
        }
        else if ((flags & (ShareMemory | ChildClearTid)) == (ShareMemory | ChildClearTid))
        {
            AddKept(address, 4, armed);
        }
        else
        {
            AddThreadWord(flags & ChildSetTid, address, -1, index, armed);
        }
    }

    private void AddCloneArguments(ulong address, ulong length, int index, ArmedRanges armed)
    {
        // struct clone_args of linux/sched.h: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size.
        const int Known = 88;
        int bytes = (int)Math.Min(length, Known);
        int holder = _areaCount;
        AddHolder(address, bytes, index, WrittenParts.None, armed);
        Span<byte> fields = stackalloc byte[Known];
        fields.Clear();
        _images.AsSpan(_areas[holder].Image, bytes).CopyTo(fields);
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(fields);
        AddThreadWord(flags & PidFd, Field(fields, 8), holder, 8, armed);
        AddThreadWord(flags & ParentSetTid, Field(fields, 24), holder, 24, armed);
        if ((flags & (ShareMemory | ChildClearTid)) == (ShareMemory | ChildClearTid))
        {
            AddKept(Field(fields, 16), 4, armed);
        }
        else
        {
            AddThreadWord(flags & ChildSetTid, Field(fields, 16), holder, 16, armed);
        }

        if (Field(fields, 72) != 0)
        {
            AddMember(64, Field(fields, 72) * 4, CallDirection.Read, armed, holder);
        }
    }

    private void AddThreadWord(ulong wanted, ulong address, int parent, int offset, ArmedRanges armed)
    {
        if (wanted == 0)
        {
            return;
        }

        AddIfArmed(
            new CallArea
            {
                Address = address,
                Length = 4,
                Direction = CallDirection.Written,
                Transfer = CallTransfer.WhenPositive,
                Unit = 1,
                Parent = parent,
                Offset = offset,
                CountOffset = -1,
            },
            armed);
    }

    private void AddSignalFrame(ArmedRanges armed)
    {
        // struct rt_sigframe (arch/x86): the handler's return has taken its first word off already; the frame holds the address of the
        // floating-point state, which says its size in sw_reserved.
        const int FrameLength = 440;
        const int FloatingPointAt = 232;
        const int LegacyLength = 512;
        const int ExtendedMagicAt = 464;
        const uint ExtendedMagic = 0x46505853;
        ulong frame = _request.StackPointer - 8;
        AddFrame(frame, FrameLength, armed);
        ulong state = ReadLong(frame + FloatingPointAt);
        if (state != 0)
        {
            AddFrame(state, ReadWord(state + ExtendedMagicAt) == ExtendedMagic ? ReadWord(state + ExtendedMagicAt + 4) : LegacyLength, armed);
        }

        _touchesRange = AnyArmedFrom(0);
    }

    private void AddFrame(ulong address, ulong length, ArmedRanges armed) =>
        AddIfArmed(
            new CallArea { Address = address, Length = length, Direction = CallDirection.Read, Transfer = CallTransfer.Always, Unit = 1, Parent = -1, Offset = -1, CountOffset = -1 },
            armed);

    private static ulong Field(ReadOnlySpan<byte> structure, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(structure[offset..]);
}
