using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tests.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Watching;
using Xunit;

namespace Haltpoint.Linux.Tests.Watching;

public unsafe class KernelWatchTests : PerfTest
{
    private const int Filled = 96;

    [Fact]
    public void A_write_to_the_kernels_own_data_names_function_caller_task_and_cpu()
    {
        SkipUnlessAllowed();
        int* pipe = stackalloc int[2];
        ulong room = PipePage(pipe) + Filled;
        using MemoryWatch watch = MemoryWatch.OnKernel($"0x{room:x}", new WatchOptions { Stacks = true });
        long value = 5;
        _ = TestLibc.Write(pipe[1], &value, sizeof(long));
        List<WatchHit> hits = [.. watch.Collect().Where(h => h.ProcessId == Environment.ProcessId)];

        Assert.NotEmpty(hits);
        Assert.All(hits, h => Assert.True(h.IsKernel));
        Assert.All(hits, h => Assert.Equal(room, h.Address));
        Assert.All(hits, h => Assert.Contains(h.Stack, f => f.Function == "do_syscall_64"));
        Close(pipe);
    }

    [Fact]
    public void A_cpu_without_a_free_slot_refuses_the_watch_on_all_of_them()
    {
        SkipUnlessAllowed();
        int[] cpus = OnlineCpus.Read();
        int* pipe = stackalloc int[2];
        string what = $"0x{PipePage(pipe):x}";
        List<MemoryWatch> fill = [];
        for (int i = 0; i < 4; i++)
        {
            fill.Add(MemoryWatch.OnKernel(what, new WatchOptions { Cpus = [cpus[^1]] }));
        }

        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnKernel(what));
        Assert.Contains("no debug register is free", refusal.Message, StringComparison.Ordinal);
        if (cpus.Length > 1)
        {
            Assert.Equal(PerfStatus.Ok, SlotProbe.Count(-1, cpus[0], out int free));
            Assert.Equal(4, free);
        }

        fill.ForEach(w => w.Dispose());
        Close(pipe);
    }

    [Theory]
    [InlineData("do_syscall_65", "do_syscall_64")]
    [InlineData("0x1000", "no address of the kernel")]
    public void What_is_not_in_the_kernel_is_refused(string what, string expected)
    {
        SkipUnlessAllowed();
        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnKernel(what));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offline_cpu_is_refused()
    {
        SkipUnlessAllowed();
        WatchException refusal = Assert.Throws<WatchException>(() => MemoryWatch.OnKernel("0xffff888000001000", new WatchOptions { Cpus = [4095] }));
        Assert.Contains("CPU 4095 is not online", refusal.Message, StringComparison.Ordinal);
    }

    // Where the kernel keeps what was written to a pipe: the source register of its copy when a part is read out.
    private static ulong PipePage(int* pipe)
    {
        Assert.Equal(0, TestLibc.Pipe(pipe));
        byte* cell = (byte*)NativeMemory.AlignedAlloc(8, 8);
        byte* filling = stackalloc byte[Filled];
        _ = TestLibc.Write(pipe[1], filling, Filled);
        WatchPlan plan = new() { Pieces = [new((ulong)cell, 8)], Access = Haltpoint.Breakpoints.AccessKind.Write, IncludeKernel = true };
        PerfRing[] rings = OpenRings(plan);
        using WatchEvents events = new(plan, rings);
        Assert.True(events.AddProcess(Environment.ProcessId).IsOk);
        using RingReader reader = new(events, rings);
        events.Enable();
        reader.Start();
        _ = TestLibc.Read(pipe[0], cell, 8);
        reader.Stop();
        ulong page = FirstSource(reader, plan);
        Array.ForEach(rings, r => r.Dispose());
        NativeMemory.AlignedFree(cell);
        return page;
    }

    private static ulong FirstSource(RingReader reader, WatchPlan plan)
    {
        ulong least = ulong.MaxValue;
        while (reader.Batches.TryRead(out RingBatch? batch))
        {
            foreach (RingBatch.Part part in batch.Parts)
            {
                PerfRecords records = new(part.Buffer.AsSpan(0, part.Length));
                while (records.MoveNext())
                {
                    if (records.Type == PerfRecordType.Sample
                        && new PerfSample(records.Body, records.Misc, plan.Fields).TryGetInterruptedRegisters(out PerfRegisters registers))
                    {
                        least = ulong.Min(least, registers[PerfRegister.Si]);
                    }
                }
            }
        }

        Assert.SkipUnless(least > long.MaxValue && least != ulong.MaxValue, "this kernel's copy does not show its source");
        return least & ~7ul;
    }

    private static void Close(int* pipe)
    {
        _ = TestLibc.Close(pipe[0]);
        _ = TestLibc.Close(pipe[1]);
    }

    private static void SkipUnlessAllowed()
    {
        Assert.SkipUnless(KernelSymbols.Read().AreShown, "the kernel's symbols are not shown here");
        Assert.SkipUnless(SlotProbe.Count(-1, OnlineCpus.Read()[0], out _) == PerfStatus.Ok, "whole CPUs may not be watched here");
    }
}
