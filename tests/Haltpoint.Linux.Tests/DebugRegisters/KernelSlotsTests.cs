using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Breakpoints;
using Haltpoint.Breakpoints.Slots;
using Haltpoint.Core.Tests.Breakpoints.Slots;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.DebugRegisters;

/// <summary>Core's slot pool against the running kernel's own accounting: the same requests, the same answers.</summary>
/// <remarks>
/// Others on the machine take slots too, and can only make the kernel refuse more. So an answer that the kernel gives and Core does
/// not is a failure at once; one that only the kernel refuses is one when it comes again while nobody else holds anything.
/// </remarks>
[Collection("perf")]
public class KernelSlotsTests(ITestOutputHelper output)
{
    private const int NoSpace = 28;
    private const int Tasks = 3;
    private const int Steps = 250;
    private const int Attempts = 10;

    private static readonly int[] s_online = Cpus("online");
    private static readonly int s_possible = Cpus("possible").Max() + 1;

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_requests_get_the_same_answers_from_the_kernel_and_from_Core(int seed)
    {
        SelfTracedProgram[] programs = [.. Enumerable.Range(0, Tasks).Select(_ => new SelfTracedProgram(TraceeBuilder.Build("watched")))];
        try
        {
            string? difference = null;
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                SkipUnlessQuiet();
                difference = Run(new Random(seed), [.. programs.Select(p => p.Id)]);
                if (difference is null)
                {
                    return;
                }

                output.WriteLine($"attempt {attempt}: {difference}");
            }

            SkipUnlessQuiet();
            Assert.Fail($"{Attempts} times, the last: {difference}");
        }
        finally
        {
            Array.ForEach(programs, program => program.Dispose());
        }
    }

    /// <returns>What only the kernel refused, or null.</returns>
    private static string? Run(Random random, int[] threads)
    {
        using TestPool pool = new(SlotProfile.X86, s_possible, Tasks);
        List<(BreakpointEvent Event, SlotId Id)> held = [];
        int granted = 0;
        int refused = 0;
        try
        {
            for (int step = 0; step < Steps; step++)
            {
                if (held.Count > 0 && random.Next(10) < (step / 25 % 2 == 0 ? 2 : 7))
                {
                    int index = random.Next(held.Count);
                    held[index].Event.Dispose();
                    pool.Release(held[index].Id);
                    held.RemoveAt(index);
                    continue;
                }

                int task = random.Next(-1, Tasks);
                int cpu = task < 0 || random.Next(2) == 0 ? s_online[random.Next(s_online.Length)] : -1;
                SlotStatus core = pool.TryReserve(out SlotId id, cpu, task);
                BreakpointEvent kernel = new(task < 0 ? -1 : threads[task], cpu, 0x1000, 1);
                if (kernel.Error == 0)
                {
                    Assert.True(core == SlotStatus.Ok, $"step {step}: the kernel granted (cpu {cpu}, task {task}), Core said {core}");
                    held.Add((kernel, id));
                    granted++;
                    continue;
                }

                Assert.Equal(NoSpace, kernel.Error);
                if (core == SlotStatus.Ok)
                {
                    return $"step {step}: Core granted (cpu {cpu}, task {task}), the kernel said ENOSPC";
                }

                refused++;
            }
        }
        finally
        {
            held.ForEach(pair => pair.Event.Dispose());
        }

        Assert.True(granted > Steps / 10 && refused > Steps / 20, $"{granted} granted and {refused} refused: both must have been seen often");
        held.ForEach(pair => pool.Release(pair.Id));
        Assert.True(pool.Pool.IsEmpty);
        return null;
    }

    private static void SkipUnlessQuiet()
    {
        foreach (int cpu in s_online)
        {
            BreakpointEvent[] all = [.. Enumerable.Range(0, SlotProfile.X86.DataSlots).Select(_ => new BreakpointEvent(-1, cpu, 0x1000, 1))];
            Array.ForEach(all, one => one.Dispose());
            Assert.SkipWhen(all.Any(one => one.IsRefused), "perf breakpoints on a CPU are refused here");
            Assert.SkipWhen(all.Any(one => one.Error != 0), $"somebody else holds debug registers on CPU {cpu}");
        }
    }

    private static int[] Cpus(string which) =>
        [.. File.ReadAllText($"/sys/devices/system/cpu/{which}").Trim().Split(',').SelectMany(part =>
        {
            int[] ends = [.. part.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        })];
}
