using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Guarding;

/// <summary>
/// A server that is killed at any moment leaves nothing in a program that it attached to. HALTPOINT_SERVER_KILLS sets how many times
/// (docs/testing.md); the seed is in the failure.
/// </summary>
[Collection("ptrace")]
public class KilledServerTests
{
    private const int Software = 0;
    private const int WriteWatch = 2;
    private const int AccessWatch = 4;
    private const int LongestDelay = 60;

    private static readonly int s_times = int.Parse(Environment.GetEnvironmentVariable("HALTPOINT_SERVER_KILLS") ?? "12", CultureInfo.InvariantCulture);

    [Fact]
    public void A_program_that_waits_has_nothing_left_in_it()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        using PipedProgram program = new(TraceeBuilder.Build("workers"), "4", "2000");
        ulong function = program.ReadAddress();
        ulong counter = program.ReadAddress();
        ulong flag = program.ReadAddress();
        Picture before = Picture.Of(program.Id, function);
        for (int i = 0; i < s_times; i++)
        {
            using KilledServer server = new(program.Id);
            server.Insert(Software, function, 1);
            server.Insert(WriteWatch, counter, 8);
            server.Insert(AccessWatch, flag & ~0xFFFul, 1024);
            if (i % 2 == 0)
            {
                server.Continue();
            }

            Pause(random);
            server.Kill();
            Picture.Of(program.Id, function).AssertIs(before, $"seed {seed}, time {i}");
        }

        program.GoOn();
        Assert.Equal("8000", program.ReadLine());
        Assert.Equal(0, program.WaitForExit());
    }

    [Fact]
    public void Threads_at_work_go_on_without_a_mistake()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        using PipedProgram program = PipedProgram.OnStandardStreams(TraceeBuilder.Build("steadfast"));
        ulong watched = program.ReadAddress();
        ulong entry = EntryPoint.Of(program.Id);
        Picture before = Picture.Of(program.Id, entry);
        for (int i = 0; i < s_times; i++)
        {
            using KilledServer server = new(program.Id);
            server.Insert(Software, entry, 1);
            server.Insert(WriteWatch, watched + 0x30100, 4);
            server.Insert(AccessWatch, watched + 0xC0000, 0x10000);
            server.Continue();
            Pause(random);
            AssertGoesOn(program, server, before, entry, $"seed {seed}, time {i}");
        }
    }

    [Fact]
    public void Threads_that_run_into_traps_all_the_time_lose_nothing()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        using PipedProgram program = PipedProgram.OnStandardStreams(TraceeBuilder.Build("restless"));
        ulong pages = program.ReadAddress();
        ulong entry = EntryPoint.Of(program.Id);
        Picture before = Picture.Of(program.Id, entry);
        for (int i = 0; i < s_times; i++)
        {
            using KilledServer server = new(program.Id);
            server.Insert(Software, entry, 1);
            server.Insert(AccessWatch, pages + 2048, 1024);
            server.Insert(AccessWatch, pages + 4096 + 2048, 1024);
            server.WaitForGuardian();
            server.Continue();
            program.Send((byte)'c');
            Assert.Equal("counting", program.ReadLine());
            Pause(random);
            AssertGoesOn(program, server, before, entry, $"seed {seed}, time {i}");
        }
    }

    private static void AssertGoesOn(PipedProgram program, KilledServer server, Picture before, ulong entry, string when)
    {
        server.Kill();
        Picture.Of(program.Id, entry).AssertIs(before, when);
        program.GoOn();
        Assert.StartsWith("ok ", program.ReadLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_stand_at_a_breakpoint_run_into_nothing()
    {
        for (int i = 0; i < s_times; i++)
        {
            using PipedProgram program = new(TraceeBuilder.Build("workers"), "4", "2000");
            ulong function = program.ReadAddress();
            using KilledServer server = new(program.Id);
            server.Insert(Software, function, 1);
            program.GoOn();
            server.ContinueToStop();
            server.WaitForGuardian();
            server.Kill();
            program.ReadAddress();
            program.ReadAddress();
            Assert.Equal("8000", program.ReadLine());
            Assert.Equal(0, program.WaitForExit());
        }
    }

    private static void Pause(Random random)
    {
#pragma warning disable RS0030 // Not to wait for something: the moment itself is what differs.
        System.Threading.Thread.Sleep(random.Next(LongestDelay));
#pragma warning restore RS0030
    }

    /// <summary>What a program can show of having been debugged.</summary>
    private sealed record Picture(string Mappings, string Code, string Signals, string Registers)
    {
        public static Picture Of(int process, ulong code) => new(
            File.ReadAllText($"/proc/{process}/maps"),
            CodeAt(process, code),
            string.Join('\n', File.ReadLines($"/proc/{process}/status").Where(l => l.StartsWith("TracerPid", StringComparison.Ordinal) || l.StartsWith("SigCgt", StringComparison.Ordinal))),
            string.Join('\n', Directory.GetDirectories($"/proc/{process}/task")
                .Select(t => string.Join(' ', TestLibc.SeizedDebugRegisters(int.Parse(Path.GetFileName(t), CultureInfo.InvariantCulture))))));

        public void AssertIs(Picture before, string when)
        {
            Assert.True(before.Mappings == Mappings, $"{when}: mappings\n{before.Mappings}\n{Mappings}");
            Assert.True(before.Code == Code, $"{when}: code");
            Assert.True(before.Signals == Signals, $"{when}: {Signals}");
            Assert.True(before.Registers == Registers, $"{when}: debug registers {Registers}");
        }

        private static string CodeAt(int process, ulong address)
        {
            using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read);
            byte[] page = new byte[4096];
            memory.Seek((long)(address & ~0xFFFul), SeekOrigin.Begin);
            memory.ReadExactly(page);
            return Convert.ToHexString(page);
        }
    }
}
