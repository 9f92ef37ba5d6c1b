using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Ring0.Tests.MmioTrace;

/// <summary>Every CPU at one traced page, counted from outside: against the source of what they do, and against QEMU's own trace of its device.</summary>
public sealed partial class HammerTests : IDisposable
{
    private const int SlotLength = 256;
    private const ulong SharedOffset = 15 * SlotLength;
    private const ulong NmiOffset = SharedOffset + 64;

    private readonly string _directory = Directory.CreateTempSubdirectory("haltpoint-").FullName;

    private string Log => Path.Combine(_directory, "log");

    private string EmulatorLog => Path.Combine(_directory, "emulator");

    /// <summary>HALTPOINT_HAMMER="8 300" makes the long form of it: CPUs and rounds.</summary>
    public static TheoryData<int, int> Sizes()
    {
        TheoryData<int, int> sizes = new() { { 1, 4 }, { 2, 8 }, { 4, 8 } };
        if (Environment.GetEnvironmentVariable("HALTPOINT_HAMMER") is { } longForm)
        {
            int[] numbers = [.. longForm.Split(' ').Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
            sizes.Add(numbers[0], numbers[1]);
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_access_is_in_the_log_once_with_its_value_width_order_and_program_counter(int cpus, int rounds)
    {
        using Machine machine = new(cpus, $"exit-on-panic trace=hammer,{rounds}", "-serial", "null", "-serial", $"file:{Log}", "-device", "edu");
        int status = machine.WaitForExit();
        Assert.True(status == 0, machine.Console);

        Dictionary<ulong, string> symbols = Symbols();
        IReadOnlyList<TraceLine> lines = TraceLine.Accesses(Log);
        Dictionary<int, (ulong Start, ulong Length)> mappings = TraceLine.Mappings(Log);
        (int page, (ulong start, _)) = mappings.Single(m => m.Value.Length == 0x1000);
        List<TraceLine> accesses = [.. lines.Where(l => l.Map == page)];
        Assert.DoesNotContain(File.ReadLines(Log), l => l.Contains(" Lost ", StringComparison.Ordinal) || l.StartsWith("UNKNOWN", StringComparison.Ordinal));

        // Each CPU's own bytes: exactly its plan, in its order.
        IReadOnlyList<(char, int, ulong, ulong, string)> plan = HammerPlan.Of(rounds);
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            ulong slot = start + (ulong)(cpu * SlotLength);
            List<(char, int, ulong, ulong, string)> own = [.. accesses.Where(l => l.Physical - slot < SlotLength)
                .Select(l => (l.Kind, l.Width, l.Physical - slot, l.Value, symbols.GetValueOrDefault(l.ProgramCounter, "?")))];
            Assert.Equal(plan, own);
        }

        // What all share: the log's order is the order in which it happened, so that each finds what the one before left.
        List<TraceLine> shared = [.. accesses.Where(l => l.Physical - start >= SharedOffset)];
        foreach ((int number, ulong offset) in (ReadOnlySpan<(int, ulong)>)[(40, 0), (41, 8), (42, 16), (43, 18)])
        {
            Assert.Equal(2 * cpus * rounds, shared.Count(l => l.Physical == start + SharedOffset + offset));
            Assert.Equal(2 * cpus * rounds, shared.Count(l => symbols.GetValueOrDefault(l.ProgramCounter) == $"hammer_at_{number}"));
        }

        // NMI handlers counted themselves, and said so in the log's mark.
        int nmis = int.Parse(NmiCount().Match(File.ReadAllText(Log)).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(2 * nmis, shared.Count(l => l.Physical == start + NmiOffset && symbols.GetValueOrDefault(l.ProgramCounter) == "hammer_nmi_at_1"));
        Assert.Equal((plan.Count * cpus) + (8 * cpus * rounds) + (2 * nmis), accesses.Count);
        AssertMemory(accesses, start);
        AssertDevice([.. lines.Where(l => l.Map != page)], cpus, rounds);
    }

    [Theory]
    [InlineData(4, 3)]
    public void QEMU_saw_the_same_accesses_to_its_device_in_the_same_order(int cpus, int rounds)
    {
        using Machine machine = new(
            cpus, $"exit-on-panic trace=hammer,{rounds}", "-serial", "null", "-serial", $"file:{Log}", "-device", "edu",
            "-trace", "memory_region_ops_read", "-trace", "memory_region_ops_write", "-D", EmulatorLog);
        int status = machine.WaitForExit();
        Assert.True(status == 0, machine.Console);

        (int device, (_, _)) = TraceLine.Mappings(Log).Single(m => m.Value.Length == 0x10_0000);
        List<(char, int, ulong, ulong)> ours = [.. TraceLine.Accesses(Log).Where(l => l.Map == device).Select(l => (l.Kind, l.Width, l.Physical, l.Value))];
        List<(char, int, ulong, ulong)> theirs = [.. File.ReadLines(EmulatorLog).Where(l => l.Contains("'edu-mmio'", StringComparison.Ordinal)).Select(ReadEmulatorLine)];
        Assert.Equal(14 * cpus * rounds, ours.Count);
        Assert.Equal(theirs, ours);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mappings_of_unusual_shapes_are_traced_to_the_byte(int cpus)
    {
        using Machine machine = new(cpus, "exit-on-panic trace=pages", "-serial", "null", "-serial", $"file:{Log}");
        int status = machine.WaitForExit();
        Assert.True(status == 0, machine.Console);

        IReadOnlyList<TraceLine> lines = TraceLine.Accesses(Log);
        Dictionary<int, (ulong Start, ulong Length)> mappings = TraceLine.Mappings(Log);
        List<string> OfMapping(int id) => [.. lines.Where(l => l.Map == id).Select(l => $"{l.Kind}{l.Width} {(long)(l.Physical - mappings[id].Start)} {l.Value:x}")];

        // Large: thirty-two bytes over the border of two pages of 2 MiB.
        Assert.Equal(["W8 0 2", "W8 12 1122334455667788", "W8 24 3", "W8 28 6", "R8 12 1122334455667788"], OfMapping(1));
        // Counts: the first asked gets what both want; afterwards the second is still there.
        Assert.Equal(["W8 8 21"], OfMapping(2));
        Assert.Equal(["W8 8 22", "W8 0 24"], OfMapping(3));
        // Small: unaligned at both ends, with stores over two borders of pages.
        Assert.Equal(["W4 0 31", "W8 4 3233343536373839", "W8 4100 4142434445464748", "W1 8191 32"], OfMapping(4));
        // Removals: everything that was read while it was traced had the right value, and nothing else is there.
        Assert.All(lines.Where(l => l.Map > 4), l => Assert.Equal(('R', 8, 0x5A5Aul), (l.Kind, l.Width, l.Value)));
        Assert.Equal(104, mappings.Count);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A model of the page: every load finds what the last store before it in the log left.</summary>
    private static void AssertMemory(List<TraceLine> accesses, ulong start)
    {
        byte[] memory = new byte[0x1000];
        byte[] word = new byte[8];
        foreach (TraceLine access in accesses)
        {
            Span<byte> place = memory.AsSpan((int)(access.Physical - start), access.Width);
            if (access.Kind == 'W')
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, access.Value);
                word.AsSpan(0, access.Width).CopyTo(place);
            }
            else
            {
                word.AsSpan().Clear();
                place.CopyTo(word);
                Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(word), access.Value);
            }
        }
    }

    /// <summary>The two registers of edu that all CPUs use, each of which holds what was stored last, whatever the width.</summary>
    private static void AssertDevice(List<TraceLine> accesses, int cpus, int rounds)
    {
        Dictionary<ulong, ulong> registers = [];
        Assert.Equal(14 * cpus * rounds, accesses.Count);
        foreach (TraceLine access in accesses)
        {
            if (access.Kind == 'W')
            {
                registers[access.Physical] = access.Value;
            }
            else
            {
                Assert.Equal(registers[access.Physical] & (ulong.MaxValue >> (64 - (8 * access.Width))), access.Value);
            }
        }
    }

    private static (char, int, ulong, ulong) ReadEmulatorLine(string line)
    {
        Match match = EmulatorLine().Match(line);
        Assert.True(match.Success, line);
        return (match.Groups[1].Value == "read" ? 'R' : 'W', int.Parse(match.Groups[4].Value, CultureInfo.InvariantCulture), TraceLine.Hex(match.Groups[2].Value), TraceLine.Hex(match.Groups[3].Value));
    }

    internal static Dictionary<ulong, string> Symbols()
    {
        using Process nm = Process.Start(new ProcessStartInfo("nm", [Machine.ImagePath]) { RedirectStandardOutput = true })!;
        Dictionary<ulong, string> symbols = [];
        while (nm.StandardOutput.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            if (words.Length == 3 && words[2].StartsWith("hammer_", StringComparison.Ordinal) && words[2].Contains("at_", StringComparison.Ordinal))
            {
                symbols[TraceLine.Hex(words[0])] = words[2];
            }
        }

        return symbols;
    }

    [GeneratedRegex(@"memory_region_ops_(read|write) cpu \d+ mr 0x[0-9a-f]+ addr (0x[0-9a-f]+) value (0x[0-9a-f]+) size (\d)")]
    private static partial Regex EmulatorLine();

    [GeneratedRegex(@"MARK .* (\d+) NMIs, 0 wrong\n")]
    private static partial Regex NmiCount();
}
