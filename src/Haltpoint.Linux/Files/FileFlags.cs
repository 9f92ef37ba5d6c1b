namespace Haltpoint.Linux.Files;

/// <summary>Open flags and modes of the File-I/O protocol as Linux has them (gdb manual, "Open Flags", "mode_t Values").</summary>
internal static class FileFlags
{
    private const int Access = 3;
    private const int Append = 0x8;
    private const int Create = 0x200;
    private const int Truncate = 0x400;
    private const int Exclusive = 0x800;

    private const int LinuxCreate = 0x40;
    private const int LinuxExclusive = 0x80;
    private const int LinuxTruncate = 0x200;
    private const int LinuxAppend = 0x400;

    // Both worlds agree on these.
    private const int Permissions = 0x1FF;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Directory = 0x4000;
    private const int CharacterDevice = 0x2000;

    public static bool TryToLinux(int flags, out int linux)
    {
        linux = (flags & Access)
            | ((flags & Append) != 0 ? LinuxAppend : 0)
            | ((flags & Create) != 0 ? LinuxCreate : 0)
            | ((flags & Truncate) != 0 ? LinuxTruncate : 0)
            | ((flags & Exclusive) != 0 ? LinuxExclusive : 0);
        return (flags & Access) != Access && (flags & ~(Access | Append | Create | Truncate | Exclusive)) == 0;
    }

    public static bool TryModeToLinux(int mode, out int linux)
    {
        linux = mode & Permissions;
        return (mode & ~(Permissions | Regular | Directory)) == 0;
    }

    /// <summary>The protocol has no number for other types than these three.</summary>
    public static uint ModeFromLinux(int mode) =>
        (uint)((mode & Permissions) | ((mode & TypeMask) is Regular or Directory or CharacterDevice ? mode & TypeMask : 0));
}
