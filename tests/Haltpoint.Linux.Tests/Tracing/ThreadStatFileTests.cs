using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Tests.Tracees;
using Haltpoint.Linux.Tracing;
using Xunit;

namespace Haltpoint.Linux.Tests.Tracing;

[Collection("ptrace")]
public class ThreadStatFileTests
{
    private const int MostOpen = 256;

    [Fact]
    public void The_CPU_is_known_while_the_thread_is_there_and_not_afterwards()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "data", "1", "1");
        program.ReadAddress();
        using ThreadStatFile file = new(program.Id);
        Assert.Equal(ThreadStat.ReadLastCpu(program.Id), file.ReadLastCpu());
        program.GoOn();
        program.ReadLine();
        Assert.Equal(ThreadStat.ReadLastCpu(program.Id), file.ReadLastCpu());
        program.GoOn();
        program.WaitForExit();
        Assert.Equal(-1, file.ReadLastCpu());
    }

    [Fact]
    public void Many_threads_leave_descriptors_to_others()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "data", "1", "1");
        program.ReadAddress();
        int cpu = ThreadStat.ReadLastCpu(program.Id);
        string own = OfThread(program.Id);
        List<ThreadStatFile> files = [.. Enumerable.Range(0, 2 * MostOpen).Select(_ => new ThreadStatFile(program.Id))];
        Assert.All(files, f => Assert.Equal(cpu, f.ReadLastCpu()));
        Assert.InRange(CountOpen(own), 1, MostOpen);
        files.ForEach(f => f.Dispose());
        Assert.Equal(0, CountOpen(own));
        Assert.Equal(cpu, files[0].ReadLastCpu());
        Assert.Equal(0, CountOpen(own));
    }

    [Fact]
    public async Task A_trace_keeps_none_of_threads_that_have_ended()
    {
        using PipedProgram program = new(TraceeBuilder.Build("trapped"), "data", "4", "5");
        program.ReadAddress();
        using AccessTrace trace = AccessTrace.OnProcess(program.Id, TracedMemory.Variable("in_data"));
        program.GoOn();
        program.ReadLine();
        HashSet<int> threads = [];
        CancellationToken end = TestContext.Current.CancellationToken;
        IAsyncEnumerator<TracedAccess> accesses = trace.ReadAccessesAsync(end).GetAsyncEnumerator(end);
        while (threads.Count < 4 && await accesses.MoveNextAsync())
        {
            Assert.InRange(accesses.Current.Cpu, 0, int.MaxValue);
            threads.Add(accesses.Current.ThreadId);
        }

        Assert.Equal(1, CountOpen(OfThread(program.Id)));
        program.GoOn();
        while (await accesses.MoveNextAsync())
        {
            // To its end.
        }

        await accesses.DisposeAsync();
        Assert.All(threads, t => Assert.Equal(0, CountOpen(OfThread(t))));
        Assert.Equal(0, program.WaitForExit());
    }

    private static string OfThread(int thread) => $"/proc/{thread}/task/{thread}/stat";

    private static int CountOpen(string path) => Directory.GetFiles("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget == path);
}
