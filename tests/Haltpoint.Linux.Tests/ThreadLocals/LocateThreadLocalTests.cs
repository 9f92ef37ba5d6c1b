using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.ThreadLocals;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.ThreadLocals;

/// <summary>Against addresses that the threads take themselves (tests/Tracees/thread_locals.c). The variables are the first of their modules.</summary>
public class LocateThreadLocalTests
{
    private const int Threads = 4;

    private static readonly string[] s_flags32 = ["-m32"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_thread_has_the_variables_of_program_and_library_where_it_says(bool is64Bit)
    {
        using TracedProgram program = Start(is64Bit);
        (List<Line> threads, Line maps) = Read(program, Threads);
        program.Interrupt();

        foreach (Line thread in threads)
        {
            Assert.Equal(thread.InProgram, Locate(program, thread, maps.InProgram));
            if (thread.InLibrary != 0)
            {
                Assert.Equal(thread.InLibrary, Locate(program, thread, maps.InLibrary));
                Assert.Equal(thread.InLibrary + 0x123, Locate(program, thread, maps.InLibrary, 0x123));
            }
        }

        Assert.Equal(2, threads.Count(thread => thread.InLibrary != 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thread_that_has_not_used_a_library_has_no_variables_of_it(bool is64Bit)
    {
        using TracedProgram program = Start(is64Bit);
        (List<Line> threads, Line maps) = Read(program, Threads);
        program.Interrupt();

        Assert.Equal("the thread has not used the object's thread-local variables yet", Refusal(program, threads[1], maps.InLibrary));
    }

    // The number of the first library's module goes to the second; the other threads still hold blocks of the first under it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blocks_of_an_unloaded_library_are_not_mistaken_for_those_of_the_next(bool is64Bit)
    {
        using TracedProgram program = Start(is64Bit, Module(is64Bit, "-DOTHER"));
        (List<Line> threads, _) = Read(program, Threads);
        program.GoOn();
        (List<Line> first, Line maps) = Read(program, 1);
        program.Interrupt();

        Assert.Equal(first[0].InLibrary, Locate(program, first[0], maps.InLibrary));
        foreach (Line thread in threads.Skip(1))
        {
            Assert.Equal("the thread has not used the object's thread-local variables yet", Refusal(program, thread, maps.InLibrary));
        }
    }

    // gdb passes no link map then. The C library has thread-local variables in the same module, so only distances are known.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_static_program_has_one_module(bool is64Bit)
    {
        using TracedProgram program = new("thread_locals", is64Bit ? ["-static", "-DSTATIC"] : ["-static", "-DSTATIC", "-m32"], ["3"]);
        List<Line> threads = [.. new[] { program.RunToLine(), program.NextLine(), program.NextLine() }.Select(Line.Parse)];
        program.Interrupt();
        ulong offset = threads[0].InProgram - Locate(program, threads[0], 0);
        Assert.InRange(offset, 0ul, 4096ul);
        Assert.All(threads, thread => Assert.Equal(thread.InProgram, Locate(program, thread, 0, offset)));
    }

    [Fact]
    public void What_cannot_be_located_is_refused_with_the_reason()
    {
        using TracedProgram program = Start(true);
        Line thread = new(program.Id, 0, 0);
        Assert.Equal("the program's C library is not loaded yet, or not one whose thread-local storage is known (glibc)", Refusal(program, thread, 0x1000));
        Assert.Equal("the thread has no thread-local storage yet", Refusal(program, thread, 0));
        Read(program, Threads);
        program.Interrupt();
        Assert.Equal("the object has no thread-local variables", Refusal(program, thread, 0x1000));
        ulong address;
        Assert.Equal(TargetStatus.NoSuchThread, LinuxTarget.LocateThreadLocal(ref program.Target, new ThreadId(program.Id, 1), 0, 0, out address));
        Assert.Equal(0ul, address);
    }

    [Fact]
    public void Symbols_that_are_not_exported_are_found_in_the_file()
    {
        string path = TraceeBuilder.Build("workers", "-static");
        FileSymbols file = FileSymbols.Open(path, is64Bit: true)!;
        Assert.True(file.TryFind("step_here", out ulong address));
        using TracedProgram program = new("workers", ["-static"], ["1", "1"]);
        Assert.Equal(program.RunToAddress(), address);
        Assert.False(file.TryFind("step_her", out _));
        Assert.Null(FileSymbols.Open("/nonexistent", is64Bit: true));
        Assert.False(FileSymbols.Open("/proc/self/status", is64Bit: true)!.TryFind("x", out _));
    }

    private static TracedProgram Start(bool is64Bit, params string[] others) => new(
        "thread_locals", is64Bit ? [] : s_flags32, [Threads.ToString(CultureInfo.InvariantCulture), Module(is64Bit), .. others]);

    private static string Module(bool is64Bit, params string[] flags) =>
        TraceeBuilder.Build("tls_module", ["-shared", "-fPIC", .. flags, .. is64Bit ? [] : s_flags32]);

    private static (List<Line> Threads, Line Maps) Read(TracedProgram program, int threads)
    {
        List<Line> lines = [Line.Parse(program.RunToLine())];
        while (lines.Count <= threads)
        {
            lines.Add(Line.Parse(program.NextLine()));
        }

        return (lines[..threads], lines[threads]);
    }

    private static ulong Locate(TracedProgram program, Line thread, ulong linkMap, ulong offset = 0)
    {
        Assert.Equal(
            TargetStatus.Ok,
            LinuxTarget.LocateThreadLocal(ref program.Target, new ThreadId(program.Id, thread.Thread), offset, linkMap, out ulong address));
        return address;
    }

    private static string Refusal(TracedProgram program, Line thread, ulong linkMap)
    {
        Assert.Equal(
            TargetStatus.Refused,
            LinuxTarget.LocateThreadLocal(ref program.Target, new ThreadId(program.Id, thread.Thread), 0, linkMap, out _));
        byte[] text = new byte[200];
        return Encoding.UTF8.GetString(text, 0, LinuxTarget.LastError(ref program.Target, text));
    }

    private sealed record Line(int Thread, ulong InProgram, ulong InLibrary)
    {
        public static Line Parse(string text)
        {
            string[] words = text.Split(' ');
            return new Line(int.Parse(words[0], CultureInfo.InvariantCulture), Address(words[1]), Address(words[2]));
        }

        private static ulong Address(string word) =>
            word == "(nil)" ? 0 : ulong.Parse(word.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
