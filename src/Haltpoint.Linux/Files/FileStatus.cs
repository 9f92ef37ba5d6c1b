using System;
using System.Buffers.Binary;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Files;

/// <summary>The protocol's <c>struct stat</c>: big endian, without gaps (gdb manual, "struct stat").</summary>
internal static class FileStatus
{
    public const int Length = 64;

    public static void Write(in StatxBuffer status, Span<byte> into)
    {
        int at = 0;
        Word(into, ref at, Device(status.DeviceMajor, status.DeviceMinor));
        Word(into, ref at, (uint)status.Inode);
        Word(into, ref at, FileFlags.ModeFromLinux(status.Mode));
        Word(into, ref at, status.Links);
        Word(into, ref at, status.User);
        Word(into, ref at, status.Group);
        Word(into, ref at, Device(status.DeviceOfSpecialMajor, status.DeviceOfSpecialMinor));
        Long(into, ref at, status.Size);
        Long(into, ref at, status.BlockSize);
        Long(into, ref at, status.Blocks);
        Word(into, ref at, (uint)status.AccessSeconds);
        Word(into, ref at, (uint)status.ModifySeconds);
        Word(into, ref at, (uint)status.ChangeSeconds);
    }

    // makedev(3), cut to the protocol's 32 bits.
    private static uint Device(uint major, uint minor) => (minor & 0xFF) | (major & 0xFFF) << 8 | (minor & ~0xFFu) << 12;

    private static void Word(Span<byte> into, ref int at, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(into[at..], value);
        at += sizeof(uint);
    }

    private static void Long(Span<byte> into, ref int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into[at..], value);
        at += sizeof(ulong);
    }
}
