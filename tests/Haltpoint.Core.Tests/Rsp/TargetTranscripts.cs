using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>The transcripts that every real target has to answer alike, and how they are played to one.</summary>
internal static class TargetTranscripts
{
    private static readonly string s_folder = Path.Combine(Transcript.Folder, "Targets");

    public static TheoryData<string> Names => [.. Directory.GetFiles(s_folder, "*.rsp").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="peer">A new client of the target.</param>
    /// <param name="code">The function that one of the target's two threads calls for ever.</param>
    /// <param name="data">8 bytes that the function adds to.</param>
    /// <param name="scratch">2 KiB of zeros that nobody uses; a transcript leaves them so.</param>
    /// <param name="edge">The last two bytes before addresses where nothing is.</param>
    /// <param name="abilities">What the target can beyond what all can.</param>
    public static void Play(string name, SocketPeer peer, ulong code, ulong data, ulong scratch, ulong edge, params IReadOnlyCollection<string> abilities)
    {
        Dictionary<string, string> known = new()
        {
            ["code"] = Hex(code),
            ["codeimage"] = Convert.ToHexStringLower(BitConverter.GetBytes(code)),
            ["data"] = Hex(data),
            ["scratch"] = Hex(scratch),
            ["edge"] = Hex(edge),
        };
        new TranscriptPlayer(Transcript.Load(Path.Combine(s_folder, name + ".rsp")), peer, known, abilities).Play();
    }

    private static string Hex(ulong address) => address.ToString("x", CultureInfo.InvariantCulture);
}
