using System.Runtime.InteropServices;

namespace Haltpoint.Linux.Interop;

/// <summary><c>struct statx</c> (linux/stat.h), whose layout is the same everywhere.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    [FieldOffset(4)]
    public uint BlockSize;

    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint User;

    [FieldOffset(24)]
    public uint Group;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Size;

    [FieldOffset(48)]
    public ulong Blocks;

    [FieldOffset(64)]
    public long AccessSeconds;

    [FieldOffset(96)]
    public long ChangeSeconds;

    [FieldOffset(112)]
    public long ModifySeconds;

    [FieldOffset(128)]
    public uint DeviceOfSpecialMajor;

    [FieldOffset(132)]
    public uint DeviceOfSpecialMinor;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;
}
