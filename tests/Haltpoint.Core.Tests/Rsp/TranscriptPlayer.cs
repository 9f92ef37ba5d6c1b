using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>Plays the client's part of a transcript and compares what the server sends, byte for byte except for holes.</summary>
/// <param name="transcript">What is said.</param>
/// <param name="peer">The server.</param>
/// <param name="known">What holes stand for from the beginning.</param>
/// <param name="abilities">Those of the target, by the names that <c>@needs</c> and <c>@lacks</c> give them.</param>
internal sealed class TranscriptPlayer(
    Transcript transcript, ITranscriptPeer peer, IReadOnlyDictionary<string, string>? known = null, IReadOnlyCollection<string>? abilities = null)
{
    private static readonly Regex s_hole = new(@"\{([a-z]+|\.\.\.)\}");

    private readonly List<byte> _received = [];
    private readonly Dictionary<string, string> _holes = new(known ?? ReadOnlyDictionary<string, string>.Empty);
    private bool _acks = true;

    public void Play()
    {
        if (!transcript.StartsWithAcks)
        {
            Send("QStartNoAckMode");
            Assert.Equal("OK", NextPacket('$'));
        }

        foreach (TranscriptLine line in transcript.Lines)
        {
            if (line.Ability.Length != 0 && (abilities?.Contains(line.Ability) ?? false) == line.IsForTheRest)
            {
                continue;
            }

            try
            {
                Play(line);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{transcript.Path}:{line.Number}: {e.Message}", e);
            }
        }

        ExpectSilence();
    }

    private void Play(TranscriptLine line)
    {
        switch (line.Kind)
        {
            case LineKind.Send:
                ExpectSilence();
                peer.ForgetAsked();
                Send(Fill(line.Text));
                break;
            case LineKind.Expect:
                Match(line.Text, NextPacket('$'));
                break;
            case LineKind.Notify:
                Match(line.Text, NextPacket('%'));
                break;
            case LineKind.SendRaw:
                peer.ForgetAsked();
                peer.Send(Encoding.Latin1.GetBytes(line.Text));
                break;
            case LineKind.ExpectRaw:
                Assert.Equal(line.Text, Take(line.Text.Length));
                break;
            case LineKind.Happen:
                peer.Happen(line.Text);
                break;
            case LineKind.Asked:
                Match(line.Text, peer.NextAsked() ?? "(nothing)");
                break;
        }
    }

    private void Send(string payload)
    {
        byte[] bytes = Encoding.Latin1.GetBytes($"${payload}#00");
        int sum = 0;
        foreach (char c in payload)
        {
            sum += c;
        }

        Encoding.ASCII.GetBytes($"{sum & 0xFF:x2}").CopyTo(bytes, bytes.Length - 2);
        peer.Send(bytes);
        if (_acks)
        {
            Assert.Equal("+", Take(1));
        }
    }

    private string NextPacket(char lead)
    {
        Assert.Equal(lead, Take(1)[0]);
        StringBuilder payload = new();
        int sum = 0;
        for (char c = Take(1)[0]; c != '#'; c = Take(1)[0])
        {
            payload.Append(c);
            sum += c;
        }

        Assert.Equal($"{sum & 0xFF:x2}", Take(2));
        if (_acks && lead == '$')
        {
            peer.Send("+"u8);
            _acks = !(payload.Equals("OK") && !transcript.StartsWithAcks);
        }

        return payload.ToString();
    }

    private void Match(string expected, string actual)
    {
        StringBuilder pattern = new("^");
        List<string> names = [];
        int at = 0;
        foreach (Match hole in s_hole.Matches(expected))
        {
            pattern.Append(Regex.Escape(expected[at..hole.Index]));
            string name = hole.Groups[1].Value;
            if (name == "...")
            {
                pattern.Append(".*");
            }
            else if (_holes.TryGetValue(name, out string? value))
            {
                pattern.Append(Regex.Escape(value));
            }
            else if (names.Contains(name))
            {
                pattern.Append($@"\k<{name}>");
            }
            else
            {
                pattern.Append($"(?<{name}>.+?)");
                names.Add(name);
            }

            at = hole.Index + hole.Length;
        }

        pattern.Append(Regex.Escape(expected[at..])).Append('$');
        Match match = Regex.Match(actual, pattern.ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant);
        if (!match.Success)
        {
            Assert.Equal(expected, actual);
        }

        foreach (string name in names)
        {
            _holes[name] = match.Groups[name].Value;
        }
    }

    private string Fill(string text) => s_hole.Replace(text, hole => _holes.GetValueOrDefault(hole.Groups[1].Value, hole.Value));

    private string Take(int count)
    {
        Span<byte> bytes = stackalloc byte[256];
        while (_received.Count < count)
        {
            int read = peer.Receive(bytes);
            if (read == 0)
            {
                Assert.Fail($"the server sent {_received.Count} bytes, '{Encoding.Latin1.GetString(_received.ToArray())}', and {count} were expected");
            }

            _received.AddRange(bytes[..read]);
        }

        string text = Encoding.Latin1.GetString(_received.ToArray(), 0, count);
        _received.RemoveRange(0, count);
        return text;
    }

    private void ExpectSilence()
    {
        Span<byte> bytes = stackalloc byte[256];
        int read = _received.Count == 0 && peer.HasMore ? peer.Receive(bytes) : 0;
        Assert.Equal("", Encoding.Latin1.GetString(_received.ToArray()) + Encoding.Latin1.GetString(bytes[..read]));
    }
}
