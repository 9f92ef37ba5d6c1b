using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;
using Haltpoint.Linux.Files;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Files;

public sealed class HostFilesTests : IDisposable
{
    // Numbers of the protocol (gdb manual, "Errno Values", "Open Flags").
    private const int NoEntry = -2;
    private const int BadFile = -9;
    private const int IsDirectory = -21;
    private const int Invalid = -22;
    private const int TooMany = -24;
    private const int NameTooLong = -91;
    private const int ReadWriteCreateTruncate = 0x602;

    private readonly string _directory = Directory.CreateTempSubdirectory("haltpoint-files-").FullName;
    private readonly HostFiles _files = new();

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void What_is_written_is_read_back_at_any_offset()
    {
        int handle = _files.Open(Name("new"), ReadWriteCreateTruncate, 0x1A4);
        Assert.True(handle >= 0);
        Assert.Equal(5, _files.Write(handle, 0, "hello"u8));
        Assert.Equal(5, _files.Write(handle, 10, "world"u8));
        byte[] bytes = new byte[32];
        Assert.Equal(15, _files.Read(handle, 0, bytes));
        Assert.Equal("hello\0\0\0\0\0world", Encoding.ASCII.GetString(bytes, 0, 15));
        Assert.Equal(2, _files.Read(handle, 13, bytes));
        Assert.Equal(0, _files.Read(handle, 15, bytes));
        Assert.Equal(0, _files.Close(handle));
        Assert.Equal("hello\0\0\0\0\0world", File.ReadAllText(Path.Combine(_directory, "new")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "new")) & (UnixFileMode)0x1C0);
    }

    [Fact]
    public void Status_is_the_structure_of_the_protocol()
    {
        string path = Path.Combine(_directory, "sized");
        File.WriteAllBytes(path, new byte[12345]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(1_000_000_000));
        int handle = _files.Open(Name("sized"), 0, 0);
        byte[] status = new byte[64];
        byte[] byPath = new byte[64];

        Assert.Equal(64, _files.Stat(handle, status));
        Assert.Equal(64, _files.StatPath(Name("sized"), byPath));
        Assert.Equal(status, byPath);
        Assert.Equal(0x8120u, BinaryPrimitives.ReadUInt32BigEndian(status.AsSpan(8)));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32BigEndian(status.AsSpan(12)));
        Assert.Equal(12345ul, BinaryPrimitives.ReadUInt64BigEndian(status.AsSpan(28)));
        Assert.InRange(BinaryPrimitives.ReadUInt64BigEndian(status.AsSpan(44)) * 512, 12345ul, 65536ul);
        Assert.Equal(1_000_000_000u, BinaryPrimitives.ReadUInt32BigEndian(status.AsSpan(56)));
    }

    [Fact]
    public void A_link_is_read_and_a_name_removed()
    {
        File.CreateSymbolicLink(Path.Combine(_directory, "link"), "where/it/points");
        byte[] target = new byte[100];
        Assert.Equal(15, _files.ReadLink(Name("link"), target));
        Assert.Equal("where/it/points", Encoding.ASCII.GetString(target, 0, 15));
        Assert.Equal(Invalid, _files.ReadLink(Encoding.UTF8.GetBytes(_directory), target));

        Assert.Equal(0, _files.Unlink(Name("link")));
        Assert.Equal(NoEntry, _files.Unlink(Name("link")));
        Assert.Equal(NoEntry, _files.ReadLink(Name("link"), target));
    }

    [Fact]
    public void Refusals_carry_the_numbers_of_the_protocol()
    {
        Assert.Equal(NoEntry, _files.Open(Name("none"), 0, 0));
        Assert.Equal(IsDirectory, _files.Open(Encoding.UTF8.GetBytes(_directory), 1, 0));
        Assert.Equal(Invalid, _files.Open(Name("none"), 3, 0));
        Assert.Equal(Invalid, _files.Open(Name("none"), 0x10000, 0));
        Assert.Equal(Invalid, _files.Open(Name("none"), 0x200, 0x10000));
        Assert.Equal(NameTooLong, _files.Open(new byte[5000].AsSpan(), 0, 0));
        Assert.Equal(NoEntry, _files.Open("/dev/null\0"u8, 0, 0));
        Assert.Equal(BadFile, _files.Close(0));
        Assert.Equal(BadFile, _files.Close(-1));
        Assert.Equal(BadFile, _files.Read(int.MaxValue, 0, new byte[1]));
        Assert.Equal(BadFile, _files.Write(0, 0, new byte[1]));
        Assert.Equal(BadFile, _files.Stat(0, new byte[64]));
        int handle = _files.Open("/dev/null"u8, 0, 0);
        Assert.Equal(BadFile, _files.Write(handle, 0, new byte[1]));
        Assert.Equal(Invalid, _files.Read(handle, ulong.MaxValue, new byte[1]));
    }

    [Fact]
    public void A_closed_number_is_dead_until_it_is_given_out_again()
    {
        int first = _files.Open("/dev/null"u8, 0, 0);
        int second = _files.Open("/dev/null"u8, 0, 0);
        Assert.NotEqual(first, second);
        Assert.Equal(0, _files.Close(first));
        Assert.Equal(BadFile, _files.Read(first, 0, new byte[1]));
        Assert.Equal(first, _files.Open("/dev/zero"u8, 0, 0));
        Assert.Equal(1, _files.Read(first, 0, new byte[1]));
        Assert.Equal(0, _files.Read(second, 0, new byte[1]));
    }

    [Fact]
    public void A_client_cannot_take_every_file_number_of_the_server_and_ending_closes_all()
    {
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        int opened = 0;
        int result;
        while ((result = _files.Open("/dev/null"u8, 0, 0)) >= 0)
        {
            opened++;
        }

        Assert.Equal(TooMany, result);
        Assert.InRange(opened, 100, HostFiles.Limit);
        _files.Dispose();
        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 1, before + 50);
    }

    [Fact]
    public void A_pipe_without_a_writer_does_not_hold_up_the_server()
    {
        Assert.Equal(0, Spawner.WaitForExit(Spawner.Start("mkfifo", Path.Combine(_directory, "pipe"))));
        Assert.True(_files.Open(Name("pipe"), 0, 0) >= 0);
    }

    [Fact]
    public void Another_mount_namespace_is_seen_as_the_process_in_it_does()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("mount_namespace"), _directory);
        Assert.SkipWhen(program.ExitStatus == 77, "mount namespaces need CAP_SYS_ADMIN");
        byte[] bytes = new byte[64];

        Assert.Equal(0, _files.SetFileSystem(program.Id));
        foreach (string name in (string[])["inside", "link"])
        {
            int handle = _files.Open(Name(name), 0, 0);
            Assert.True(handle >= 0, $"{name} {handle}");
            Assert.Equal("seen from inside", Encoding.ASCII.GetString(bytes, 0, _files.Read(handle, 0, bytes)));
            Assert.Equal(64, _files.StatPath(Name(name), bytes));
        }

        Assert.Equal(_directory.Length + "/inside".Length, _files.ReadLink(Name("link"), bytes));
        int created = _files.Open(Name("created"), ReadWriteCreateTruncate, 0x180);
        Assert.True(created >= 0, $"{created}");
        Assert.Equal(0, _files.Unlink(Name("created")));

        Assert.Equal(0, _files.SetFileSystem(0));
        Assert.Equal(NoEntry, _files.Open(Name("inside"), 0, 0));
    }

    [Fact]
    public void The_file_system_of_a_process_that_is_not_there_cannot_be_chosen() =>
        Assert.Equal(NoEntry, _files.SetFileSystem(int.MaxValue));

    private byte[] Name(string name) => Encoding.UTF8.GetBytes(Path.Combine(_directory, name));
}
