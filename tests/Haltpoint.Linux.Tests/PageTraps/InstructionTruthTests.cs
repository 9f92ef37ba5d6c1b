using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.PageTraps;
using Haltpoint.Linux.Tests.Ptrace;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Linux.Tests.PageTraps;

/// <summary>Instructions of every kind in a running program: each byte is told as often as the processor's manual says, by each thread.</summary>
[Collection("ptrace")]
public class InstructionTruthTests
{
    private const long PageLength = 4096;
    private const long OwnLength = 256;
    private const long Shared = 2048;
    private const long Watched = 2 * PageLength;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(8, 2)]
    public void Each_byte_is_told_as_often_as_it_is_accessed(int threads, int rounds)
    {
        string alone = Run(threads, rounds, watched: false, out _, out _, out _);
        string watched = Run(threads, rounds, watched: true, out List<string> table, out RecordingSink sink, out ulong start);
        Assert.Equal(alone, watched);

        ByteCounts expected = new();
        foreach (string[] words in table.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            for (int i = 3; i + 2 < words.Length; i += 3)
            {
                for (int thread = 0; thread < threads; thread++)
                {
                    long at = words[2] == "own" ? thread * OwnLength : words[2] == "shared" ? Shared : 0;
                    expected.Add(words[2] == "shared" ? "all" : Who(thread), words[i][0], at + Number(words[i + 1]), Number(words[i + 2]), rounds);
                }
            }
        }

        expected.KeepOnly((0, Watched));
        ByteCounts told = new();
        int[] order = [.. sink.Entries.GroupBy(e => e.Thread).OrderBy(g => g.Min(e => e.Address)).Select(g => g.Key)];
        foreach (RecordingSink.Entry entry in sink.Entries)
        {
            Assert.Equal(TrappedAccess.NoSystemCall, entry.SystemCall);
            Assert.True(entry.IsExact);
            long offset = (long)(entry.Address - start);
            string who = offset is >= Shared and < Shared + 64 && threads > 1 ? "all" : Who(Array.IndexOf(order, entry.Thread));
            Add(told, threads == 1 && offset is >= Shared and < Shared + 64 ? "all" : who, entry, offset);
        }

        told.KeepOnly((0, Watched));
        Assert.Equal(expected.Describe(), told.Describe());
    }

    private static void Add(ByteCounts told, string who, in RecordingSink.Entry entry, long offset)
    {
        if ((entry.Kind & AccessKind.Read) != 0)
        {
            told.Add(who, 'r', offset, entry.Length);
        }

        if ((entry.Kind & AccessKind.Write) != 0)
        {
            told.Add(who, 'w', offset, entry.Length);
        }
    }

    private static string Run(int threads, int rounds, bool watched, out List<string> table, out RecordingSink sink, out ulong start)
    {
        using TracedProgram program = new("trapped_instructions", ["-O1"], [Text(threads), Text(rounds)]);
        start = program.RunToAddress();
        table = [];
        for (string line = program.NextLine(); line != "ready"; line = program.NextLine())
        {
            table.Add(line);
        }

        program.Interrupt();
        sink = new RecordingSink();
        PageProbe? probe = null;
        if (watched)
        {
            TargetStatus status = program.Session.AddProbe(program.Id, start, Watched, AccessKind.ReadWrite, sink, false, out probe);
            Assert.True(status == TargetStatus.Ok, program.Session.LastError);
        }

        program.GoOn();
        program.ResumeAll();
        Assert.Equal("done", program.NextLine());
        program.Interrupt();
        if (watched)
        {
            Assert.Equal(TargetStatus.Ok, program.Session.RemoveProbe(probe!));
        }

        program.GoOn();
        string result = program.RunToLine();
        program.GoOn();
        program.WaitForExit();
        return result;
    }

    private static string Who(int thread) => string.Create(CultureInfo.InvariantCulture, $"thread {thread}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
