using System;
using System.IO;
using System.Linq;
using Haltpoint.Rsp;
using Haltpoint.Targets;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public unsafe class AllocationTests
{
    public static TheoryData<string> Names => TranscriptTests.Names;

    /// <summary>What the client sends in each transcript, once to warm up and once more counted.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Serving_a_transcript_allocates_nothing(string name)
    {
        Transcript transcript = Transcript.Load(Path.Combine(Transcript.Folder, name + ".rsp"));
        byte[] client = [.. transcript.Lines.Where(l => l.Kind is LineKind.Send or LineKind.SendRaw).SelectMany(Bytes)];
        Serve(client, transcript.BufferLength);
        Assert.Equal(0, Serve(client, transcript.BufferLength));
    }

    [Fact]
    public void Evaluating_an_expression_allocates_nothing()
    {
        FakeTarget target = new(new FakeMachine { Log = null });
        ThreadId thread = new(FakeMachine.FirstProcess, FakeMachine.FirstProcess);
        byte[] code = Convert.FromHexString("22052600021000191722002200" + "34010003256400" + "27");
        AgentExpression.Evaluate(ref target, thread, code, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AgentExpression.Evaluate(ref target, thread, code, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Bytes(TranscriptLine line)
    {
        if (line.Kind == LineKind.SendRaw)
        {
            return [.. line.Text.Select(c => (byte)c)];
        }

        int sum = line.Text.Sum(c => c) & 0xFF;
        return [.. $"${line.Text}#{sum:x2}+".Select(c => (byte)c)];
    }

    private static long Serve(byte[] client, int bufferLength)
    {
        FakeMachine machine = new() { Log = null };
        FakeTarget target = new(machine);
        byte[] input = GC.AllocateArray<byte>(bufferLength, pinned: true);
        byte[] output = GC.AllocateArray<byte>(bufferLength, pinned: true);
        fixed (byte* first = input, second = output)
        {
            GdbConnection<FakeTarget> connection = new(first, bufferLength, second, bufferLength);
            long before = GC.GetAllocatedBytesForCurrentThread() - machine.OwnAllocations;
            ReadOnlySpan<byte> rest = client;
            while (rest.Length != 0 && connection.End == ConnectionEnd.None)
            {
                int taken = connection.Receive(ref target, rest);
                rest = rest[taken..];
                Assert.False(taken == 0 && connection.Pending.Length == 0, "the server takes nothing and sends nothing");
                connection.Sent(connection.Pending.Length);
                connection.Poll(ref target);
            }

            return GC.GetAllocatedBytesForCurrentThread() - machine.OwnAllocations - before;
        }
    }
}
