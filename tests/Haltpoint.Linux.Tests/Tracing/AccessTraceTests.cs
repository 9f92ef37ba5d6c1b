using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Tracing;
using Xunit;

namespace Haltpoint.Linux.Tests.Tracing;

[Collection("ptrace")]
public class AccessTraceTests
{
    private const int Count = 20;
    private const int Accesses = (3 * Count) + 2;

    [Fact]
    public async Task A_cancelled_reading_loses_nothing_that_was_not_taken_and_can_be_begun_again()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "data", "1", $"{Count}");
        ulong page = program.ReadAddress();
        using AccessTrace trace = AccessTrace.OnProcess(program.Id, TracedMemory.Variable("in_data"), new AccessTraceOptions { Values = true });
        using CancellationTokenSource end = new();
        Task<List<TracedAccess>> waiting = ReadAll(trace, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Task<List<TracedAccess>> reading = ReadAll(trace, TestContext.Current.CancellationToken);
        program.GoOn();
        Assert.Equal($"{Count} {3 * Count}", program.ReadLine());
        program.GoOn();
        List<TracedAccess> all = await reading;
        Assert.Equal(Accesses, all.Count);
        Assert.Equal(new TraceSummary(Accesses, (2 * Count) + 2, 2 * Count, 1, 0), trace.Summary);
        Assert.Equal(
            Enumerable.Range(1, Count).Select(i => (page, (ulong?)i - 1, (ulong?)i, "hammer")),
            all.Where(a => a.Access == AccessKind.ReadWrite).Select(a => (a.Address, a.OldValue.Number, a.Value.Number, a.Location.Name)));
        Assert.Equal(0, program.WaitForExit());
    }

    [Fact]
    public async Task Stop_from_another_thread_ends_the_reading_and_puts_the_memory_back()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "data", "1", $"{Count}");
        program.ReadAddress();
        string before = Maps(program.Id);
        using (AccessTrace trace = AccessTrace.OnProcess(program.Id, TracedMemory.Variable("in_data")))
        {
            Assert.NotEqual(before, Maps(program.Id));
            Task<List<TracedAccess>> reading = ReadAll(trace, TestContext.Current.CancellationToken);
            program.GoOn();
            Assert.Equal($"{Count} {3 * Count}", program.ReadLine());
            trace.Stop();
            Assert.Equal(before, Maps(program.Id));
            Assert.Equal(Accesses, (await reading).Count);
        }

        program.GoOn();
        Assert.Equal(0, program.WaitForExit());
    }

    [Fact]
    public void Disposing_without_reading_lets_the_program_run_on()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "heap", "4", $"{Count}");
        program.ReadAddress();
        string before = Maps(program.Id);
        AccessTrace.OnProcess(program.Id, TracedMemory.Mappings("[heap]")).Dispose();
        Assert.Equal(before, Maps(program.Id));
        program.GoOn();
        Assert.Equal($"{4 * Count} {12 * Count}", program.ReadLine());
        program.GoOn();
        Assert.Equal(0, program.WaitForExit());
    }

    [Fact]
    public void A_refusal_leaves_the_process_as_it_was()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "data", "1", $"{Count}");
        program.ReadAddress();
        string before = Maps(program.Id);
        AccessTraceException refusal = Assert.Throws<AccessTraceException>(() => AccessTrace.OnProcess(program.Id, TracedMemory.Range(0x10, 8)));
        Assert.StartsWith("address 0x10 is not mapped", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Maps(program.Id));
        program.GoOn();
        Assert.Equal($"{Count} {3 * Count}", program.ReadLine());
        program.GoOn();
        Assert.Equal(0, program.WaitForExit());
    }

    private static async Task<List<TracedAccess>> ReadAll(AccessTrace trace, CancellationToken end)
    {
        List<TracedAccess> all = [];
        await foreach (TracedAccess access in trace.ReadAccessesAsync(end))
        {
            all.Add(access);
        }

        return all;
    }

    private static string Maps(int process) => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/maps"));
}
