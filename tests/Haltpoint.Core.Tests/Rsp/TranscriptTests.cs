using System.IO;
using System.Linq;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public class TranscriptTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Transcript.Folder, "*.rsp").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fake_target_answers_as_written(string name) => Play(name, piece: int.MaxValue);

    [Theory]
    [MemberData(nameof(Names))]
    public void It_answers_the_same_when_bytes_come_one_by_one(string name) => Play(name, piece: 1);

    private static void Play(string name, int piece)
    {
        Transcript transcript = Transcript.Load(Path.Combine(Transcript.Folder, name + ".rsp"));
        new TranscriptPlayer(transcript, new FakePeer(transcript.BufferLength, piece)).Play();
    }
}
