using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps.OwnMaps;

[Collection("ptrace")]
public sealed class OwnMapsTests : IDisposable
{
    private const ulong PageLength = 4096;
    private const int Pages = 9;

    // What depends on nobody but the program, for its own memory. A trap takes a huge page apart.
    private static readonly string[] s_fields =
        ["Size", "KernelPageSize", "MMUPageSize", "Rss", "Private_Dirty", "Anonymous", "Private_Hugetlb", "Locked", "VmFlags"];

    private readonly string _file = Path.GetTempFileName();
    private readonly TracedProgram _program;
    private readonly RecordingSink _sink = new();
    private readonly List<PageProbe> _probes = [];
    private readonly ulong[] _pages;

    public OwnMapsTests()
    {
        _program = new TracedProgram("own_maps", _file);
        _program.ResumeAll();
        _pages = [.. Enumerable.Range(0, Pages).Select(_ => _program.NextAddress())];
    }

    public void Dispose()
    {
        _program.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void A_program_sees_the_same_mappings_before_while_and_after_its_pages_are_armed()
    {
        _ = Ask('m');
        List<string> before = Ask('m');
        Arm();
        Assert.NotEqual(before, Seen());
        Assert.Equal(before, Ask('m'));
        Assert.Equal(["length 0", .. before], Ask('t'));
        Disarm();
        Assert.Equal(before, Ask('m'));
        Assert.Equal(before, Seen());
        End();
    }

    [Fact]
    public void A_program_sees_what_its_mappings_hold_as_it_was()
    {
        _ = Ask('s');
        List<string> before = OwnFields(Ask('s'));
        Arm();
        Assert.Equal(before, OwnFields(Ask('s')));
        Disarm();
        Assert.Equal(before, OwnFields(Ask('s')));
        End();
    }

    [Theory]
    [InlineData("[heap]")]
    [InlineData("[stack]")]
    public void Memory_keeps_the_name_of_its_place_when_all_of_it_is_armed(string name)
    {
        _ = Ask('m');
        List<string> before = Ask('m');
        (ulong start, ulong end) = Find(before, name);

        // The page that the stack grows from stays.
        start += name == "[stack]" ? PageLength : 0;
        Arm(start, end - start);
        Assert.Equal(before, Ask('m'));
        End();
    }

    [Fact]
    public void The_stack_grows_while_all_of_it_that_can_be_is_armed()
    {
        (ulong start, ulong end) = Find(Ask('m'), "[stack]");
        Arm(start + (4 * PageLength), PageLength);
        Assert.Equal(TargetStatus.Refused, _program.Session.AddProbe(_program.Id, start, 8, AccessKind.Write, _sink, false, out _));
        Assert.Contains("the stack grows", _program.Session.LastError, StringComparison.Ordinal);
        Assert.Equal(TargetStatus.Ok, _program.Session.AddProbe(_program.Id, start, end - start, AccessKind.Write, _sink, true, out PageProbe? probe));
        Assert.Equal((start, start + PageLength), (Assert.Single(probe!.Skipped).Start, probe.Skipped[0].End));
        Assert.Equal(["deep 0"], Ask('e'));
        List<string> grown = Ask('m');
        Assert.InRange(Find(grown, "[stack]").Start, 0ul, start - PageLength);
        Assert.Equal(TargetStatus.Ok, _program.Session.RemoveProbe(probe));
        Assert.Equal(grown, Ask('m'));
        End();
    }

    [Fact]
    public void What_grows_while_all_of_it_is_armed_is_one_mapping()
    {
        List<string> grown;
        using (TracedProgram untouched = new("own_maps", _file))
        {
            untouched.ResumeAll();
            Assert.Equal(_pages, Enumerable.Range(0, Pages).Select(_ => untouched.NextAddress()));
            Assert.Empty(Ask(untouched, 'g'));
            grown = Ask(untouched, 'm');
        }

        // But for the first page: without it, data and heap, which follow each other, are two.
        (ulong start, ulong end) = Find(Ask('m'), "[heap]");
        Arm(start + PageLength, end - start - PageLength);
        Arm();
        Assert.Empty(Ask('g'));
        Assert.Equal(grown, Ask('m'));
        End();
    }

    [Fact]
    public void The_C_library_finds_the_main_threads_stack_while_a_page_of_it_is_armed()
    {
        List<string> before = Ask('p');
        Assert.Equal("result 0", before[0]);
        Arm();
        Assert.Equal(before, Ask('p'));
        End();
    }

    [Theory]
    [InlineData('d')]
    [InlineData('c')]
    public void The_descriptor_is_what_was_asked_for(char how)
    {
        List<string> before = Ask(how);
        Assert.Equal(["is the lowest 1", "flags 0", $"closes {(how == 'c' ? 1 : 0)}", "offset 0", "written -9", "read 1", "again 0", "next 1"], before);
        Arm();
        Assert.Equal(before, Ask(how));
        End();
    }

    [Fact]
    public void One_descriptor_more_is_enough_and_without_it_the_program_keeps_its_own()
    {
        List<string> before = Ask('m');
        Arm();
        Assert.Empty(Ask('1'));
        Assert.Equal(before, Ask('m'));
        Assert.Empty(Ask('0'));
        List<string> truth = Ask('m');
        Assert.Equal(Seen(), truth);
        Assert.NotEqual(before, truth);
        End();
    }

    [Fact]
    public void A_filter_that_would_end_the_program_for_our_calls_does_not()
    {
        List<string> before = Ask('m');
        Arm();
        Assert.Equal(["filter 0"], Ask('f'));
        List<string> filtered = Ask('m');
        Assert.True(filtered.SequenceEqual(before) || filtered.SequenceEqual(Seen()), string.Join('\n', filtered));
        End();
    }

    private void Arm()
    {
        foreach (ulong page in _pages)
        {
            Arm(page, PageLength);
        }
    }

    private void Arm(ulong start, ulong length)
    {
        TargetStatus status = _program.Session.AddProbe(_program.Id, start, length, AccessKind.ReadWrite, _sink, false, out PageProbe? probe);
        Assert.True(status == TargetStatus.Ok, _program.Session.LastError);
        _probes.Add(probe!);
    }

    private void Disarm() => _probes.ForEach(p => Assert.Equal(TargetStatus.Ok, _program.Session.RemoveProbe(p)));

    private static (ulong Start, ulong End) Find(List<string> lines, string name)
    {
        string[] words = lines.Single(l => l.EndsWith(name, StringComparison.Ordinal)).Split('-', ' ');
        return (ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private List<string> Ask(char letter) => Ask(_program, letter);

    private static List<string> Ask(TracedProgram program, char letter)
    {
        program.Send($"{letter}");
        List<string> lines = [];
        while (program.NextLine() is var line && line != "end")
        {
            lines.Add(line);
        }

        return lines;
    }

    private void End()
    {
        _program.GoOn();
        _program.WaitForExit();
    }

    // As others see it.
    private List<string> Seen() => [.. File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_program.Id}/maps"))];

    // Of what is shared with other programs, as code of libraries is, only the lines of the mappings themselves.
    private List<string> OwnFields(List<string> lines)
    {
        List<string> own = [];
        bool isOwn = false;
        foreach (string line in lines)
        {
            string name = line.Split(':')[0];
            if (line.Split(' ')[0].Contains('-', StringComparison.Ordinal))
            {
                isOwn = line.Contains(" rw", StringComparison.Ordinal) || line.EndsWith(_file, StringComparison.Ordinal);
                own.Add(line);
            }
            else if (isOwn && s_fields.Contains(name))
            {
                own.Add(line);
            }
        }

        Assert.Contains(own, l => l.StartsWith("VmFlags", StringComparison.Ordinal));
        return own;
    }
}
