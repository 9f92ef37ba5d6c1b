using Haltpoint.Core.Tests.Rsp;
using Xunit;

namespace Haltpoint.Linux.Tests.Serving;

/// <summary>A live process answers as the transcripts for every target say.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names => TargetTranscripts.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_live_process_answers_as_written(string name)
    {
        using ServedProgram server = new("conversation", addresses: 4);
        using SocketPeer peer = new(server.Socket);
        TargetTranscripts.Play(
            name, peer, server.Addresses[0], server.Addresses[1], server.Addresses[2], server.Addresses[3],
            "auxv", "conditions", "events", "exec-file", "files", "libraries", "limitless", "non-stop", "process", "siginfo", "signals");

        // It closes what it has nothing more to say on.
        Assert.Equal(0, peer.Receive(stackalloc byte[1]));
    }
}
