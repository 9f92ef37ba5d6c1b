using System;
using Haltpoint.Core.Tests.Rsp;
using Xunit;

namespace Haltpoint.Ring0.Tests.Debugging;

/// <summary>The machine answers as the transcripts for every target say.</summary>
public sealed class TranscriptTests : IClassFixture<TranscriptTests.LoadedMachine>
{
    private static readonly ulong[] s_addresses = KernelSymbols.AddressesOf("Workload::AddToShared", "Workload::s_shared", "Storm::s_counts", "kernel_end");

    private readonly LoadedMachine _machine;

    public TranscriptTests(LoadedMachine machine) => _machine = machine;

    public static TheoryData<string> Names => TargetTranscripts.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_machine_answers_as_written(string name)
    {
        using SocketPeer peer = new(_machine.Machine.Port);
        TargetTranscripts.Play(name, peer, s_addresses[0], s_addresses[1], s_addresses[2], s_addresses[3] - 2, "thread-info");

        // A serial line is never closed: there is nothing more to come once the machine runs.
        _machine.Machine.AssertRuns();
        Assert.False(peer.HasMore);
    }

    /// <summary>Two CPUs and one thread with something to do.</summary>
    public sealed class LoadedMachine : IDisposable
    {
        public LoadedMachine() => Machine.Console.Run("load 1");

        internal DebuggedMachine Machine { get; } = new(2);

        public void Dispose()
        {
            string end = Machine.Console.Run("stop");
            Machine.Dispose();
            Assert.Contains("no load", end, StringComparison.Ordinal);
        }
    }
}
