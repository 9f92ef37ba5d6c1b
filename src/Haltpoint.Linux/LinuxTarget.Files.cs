using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux;

// IFiles.
public readonly partial struct LinuxTarget
{
    public static bool HasFiles => true;

    public static int SetFileSystem(ref LinuxTarget self, int process) => self._session.Files.SetFileSystem(process);

    public static int OpenFile(ref LinuxTarget self, ReadOnlySpan<byte> path, int flags, int mode) => self._session.Files.Open(path, flags, mode);

    public static int CloseFile(ref LinuxTarget self, int file) => self._session.Files.Close(file);

    public static int ReadFile(ref LinuxTarget self, int file, ulong offset, Span<byte> into) => self._session.Files.Read(file, offset, into);

    public static int WriteFile(ref LinuxTarget self, int file, ulong offset, ReadOnlySpan<byte> bytes) => self._session.Files.Write(file, offset, bytes);

    public static int StatFile(ref LinuxTarget self, int file, Span<byte> into) => self._session.Files.Stat(file, into);

    public static int StatPath(ref LinuxTarget self, ReadOnlySpan<byte> path, Span<byte> into) => self._session.Files.StatPath(path, into);

    public static int UnlinkFile(ref LinuxTarget self, ReadOnlySpan<byte> path) => self._session.Files.Unlink(path);

    public static int ReadLink(ref LinuxTarget self, ReadOnlySpan<byte> path, Span<byte> into) => self._session.Files.ReadLink(path, into);
}
