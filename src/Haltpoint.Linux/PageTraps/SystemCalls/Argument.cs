namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>An argument of a system call, in the words of the tables.</summary>
internal readonly record struct Argument(
    ArgumentKind Kind,
    CallDirection Direction = CallDirection.None,
    ArgumentLength Length = default,
    CallTransfer Transfer = CallTransfer.Whole,
    WrittenParts Parts = WrittenParts.All)
{
    /// <summary>PATH_MAX of linux/limits.h.</summary>
    private const int LongestPath = 4096;

    public static Argument Value => new(ArgumentKind.Value);

    public static Argument Path => Text(LongestPath);

    public static Argument Text(int most) => new(ArgumentKind.Flat, CallDirection.Read, new(LengthRule.Text, 0, (uint)most));

    public static Argument In(ArgumentLength length, CallTransfer transfer = CallTransfer.Whole) =>
        new(ArgumentKind.Flat, CallDirection.Read, length, transfer);

    public static Argument Out(ArgumentLength length, CallTransfer transfer = CallTransfer.Whole) =>
        new(ArgumentKind.Flat, CallDirection.Written, length, transfer);

    public static Argument Both(ArgumentLength length, CallTransfer transfer = CallTransfer.Whole, WrittenParts parts = WrittenParts.All) =>
        new(ArgumentKind.Flat, CallDirection.Both, length, transfer, parts);

    /// <summary>A futex that is found by its address alone.</summary>
    public static Argument Named => new(ArgumentKind.Flat, CallDirection.None, 4);

    /// <summary>Buffers that are read, in a vector whose length is another argument.</summary>
    public static Argument VectorIn(byte count) => Vector(ArgumentKind.Vector, CallDirection.Read, By(count, 16));

    /// <summary>Buffers that are written, in a vector whose length is another argument.</summary>
    public static Argument VectorOut(byte count) => Vector(ArgumentKind.Vector, CallDirection.Written, By(count, 16));

    public static Argument RemoteIn(byte count) => Vector(ArgumentKind.RemoteVector, CallDirection.Read, By(count, 16));

    public static Argument RemoteOut(byte count) => Vector(ArgumentKind.RemoteVector, CallDirection.Written, By(count, 16));

    public static Argument MessageIn => Vector(ArgumentKind.Message, CallDirection.Read, 56);

    public static Argument MessageOut => Vector(ArgumentKind.Message, CallDirection.Written, 56);

    public static Argument MessagesIn(byte count) => Vector(ArgumentKind.Messages, CallDirection.Read, By(count, 64));

    public static Argument MessagesOut(byte count) => Vector(ArgumentKind.Messages, CallDirection.Written, By(count, 64));

    public static Argument Strings => new(ArgumentKind.Strings);

    public static Argument SignalSet => new(ArgumentKind.SignalSet);

    public static Argument FutexWaiters(ArgumentLength length) => new(ArgumentKind.FutexWaiters, CallDirection.Read, length);

    public static Argument CloneArguments(byte length) => new(ArgumentKind.CloneArguments, CallDirection.Read, By(length));

    public static Argument ParentThread => new(ArgumentKind.ParentThread, CallDirection.Written, 4);

    public static Argument ChildThread => new(ArgumentKind.ChildThread, CallDirection.Written, 4);

    public static Argument FilterProgram => new(ArgumentKind.FilterProgram);

    public static Argument Interfaces => new(ArgumentKind.Interfaces);

    public static Argument ControlBlocks(byte count) => new(ArgumentKind.ControlBlocks, CallDirection.Read, By(count, 8));

    public static Argument Ranges(byte count) => new(ArgumentKind.Ranges, CallDirection.Read, By(count, 16));

    public static Argument Pages(byte count) => new(ArgumentKind.Pages, CallDirection.Read, By(count, 8));

    /// <summary>Structures of userfaultfd, which begin with start and length.</summary>
    public static Argument RangeStructure => new(ArgumentKind.RangeStructure, CallDirection.Read, 16);

    /// <summary>The register set of a ptrace call, in a vector of one.</summary>
    public static Argument RegisterSet(CallDirection direction) => new(ArgumentKind.RegisterSet, direction, 16);

    public static Argument Range(ArgumentLength length) => new(ArgumentKind.Range, CallDirection.None, length);

    public static Argument Kept(ArgumentLength length) => new(ArgumentKind.Kept, CallDirection.Both, length);

    /// <summary>Another argument says how many elements.</summary>
    public static ArgumentLength By(byte argument, uint size = 1, uint extra = 0) => new(LengthRule.Argument, argument, size, extra);

    /// <summary>Another argument points to the number of bytes (socklen_t).</summary>
    public static ArgumentLength ByWord(byte argument, int most) => new(LengthRule.Word, argument, (uint)most);

    /// <summary>The structure says itself how long it is.</summary>
    public static ArgumentLength ByField(byte offset, int most, uint extra = 0) => new(LengthRule.Field, offset, (uint)most, extra);

    public static ArgumentLength Bits(byte argument) => new(LengthRule.Bits, argument, 0);

    public static ArgumentLength BytePerPage(byte argument) => new(LengthRule.Pages, argument, 0);

    public static ArgumentLength Rest => new(LengthRule.Rest, 0, 0);

    private static Argument Vector(ArgumentKind kind, CallDirection direction, ArgumentLength length) =>
        new(kind, direction, length, CallTransfer.Shared);
}
