using System;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Perf;

public class WatchEventsTests : PerfTest
{
    [Theory]
    [InlineData(1, 100, 0, 0)]
    [InlineData(4, 1000, 1000, 0)]
    [InlineData(3, 10, 20, 30)]
    public void Every_write_of_every_thread_and_child_is_sampled_or_counted_as_lost(int threads, int early, int late, int child)
    {
        using PipedProgram program = new(
            TraceeBuilder.Build("writers"), $"{threads}", $"{early}", $"{late}", $"{child}");
        WatchPlan plan = Plan(program.ReadAddress(), 8);
        PerfRing[] rings = OpenRings(plan);
        using WatchEvents events = new(plan, rings);
        Assert.True(events.AddProcess(program.Id).IsOk);
        using RingReader reader = new(events, rings);
        events.Enable();
        reader.Start();

        program.GoOn();
        Assert.Equal("done", program.ReadLine());
        reader.Stop();

        Assert.Equal((threads * (early + late)) + (2 * child), reader.Hits + reader.Lost);
        Assert.Equal(0, reader.Lost);
        foreach (PerfRing ring in rings)
        {
            ring.Dispose();
        }
    }

    // Nobody empties the rings while the program writes, and they are too small for all of it.
    [Fact]
    public void Hits_that_found_no_room_are_counted_exactly()
    {
        const int Writes = 5000;
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "2", $"{Writes}", $"{Writes}", $"{Writes}");
        WatchPlan plan = Plan(program.ReadAddress(), 8);
        PerfRing[] rings = OpenRings(plan, pages: 1);
        using WatchEvents events = new(plan, rings);
        Assert.True(events.AddProcess(program.Id).IsOk);
        using RingReader reader = new(events, rings);
        events.Enable();
        program.GoOn();
        Assert.Equal("done", program.ReadLine());
        reader.Start();
        reader.Stop();

        Assert.InRange(reader.Hits, 1, 500);
        Assert.Equal(6 * Writes, reader.Hits + reader.Lost);
        foreach (PerfRing ring in rings)
        {
            ring.Dispose();
        }
    }

    [Fact]
    public void A_sample_says_where_who_and_when()
    {
        using PipedProgram program = new(TraceeBuilder.Build("writers"), "1", "1", "0", "0");
        ulong address = program.ReadAddress();
        WatchPlan plan = Plan(address, 8);
        PerfRing[] rings = OpenRings(plan);
        using WatchEvents events = new(plan, rings);
        Assert.True(events.AddProcess(program.Id).IsOk);
        using RingReader reader = new(events, rings);
        events.Enable();
        reader.Start();
        program.GoOn();
        program.ReadLine();
        reader.Stop();

        int samples = 0;
        while (reader.Batches.TryRead(out RingBatch? batch))
        {
            foreach (RingBatch.Part part in batch.Parts)
            {
                PerfRecords records = new(part.Buffer.AsSpan(0, part.Length));
                while (records.MoveNext())
                {
                    if (records.Type == PerfRecordType.Sample)
                    {
                        PerfSample sample = new(records.Body, records.Misc, plan.Fields);
                        samples++;
                        Assert.Equal(program.Id, sample.ProcessId);
                        Assert.NotEqual(program.Id, sample.ThreadId);
                        Assert.Equal(address, sample.Address);
                        Assert.Equal(part.Cpu, sample.Cpu);
                        Assert.False(sample.IsKernel);
                        Assert.True(sample.TryGetUserRegisters(out PerfRegisters registers));
                        Assert.Equal(sample.InstructionPointer, registers[PerfRegister.Ip]);
                    }
                }
            }
        }

        Assert.Equal(1, samples);
        foreach (PerfRing ring in rings)
        {
            ring.Dispose();
        }
    }
}
