using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Haltpoint.Core.Tests.Rsp;

internal enum LineKind
{
    /// <summary><c>&gt; payload</c>: the client sends a packet.</summary>
    Send,

    /// <summary><c>&lt; payload</c>: the server answers with a packet.</summary>
    Expect,

    /// <summary><c>% payload</c>: the server sends a notification.</summary>
    Notify,

    /// <summary><c>&gt;&gt; bytes</c>: the client sends exactly these.</summary>
    SendRaw,

    /// <summary><c>&lt;&lt; bytes</c>: the server sends exactly these.</summary>
    ExpectRaw,

    /// <summary><c>! words</c>: something happens to the fake target, which makes the transcript one for the fake target only.</summary>
    Happen,

    /// <summary><c>= words</c>: the next thing that the fake target was asked for since the client's last packet.</summary>
    Asked,
}

/// <summary>A line, for the targets with an ability or for those without it; an empty name is every target's.</summary>
internal readonly record struct TranscriptLine(int Number, LineKind Kind, string Text, string Ability = "", bool IsForTheRest = false);

/// <summary>A conversation in the format that tests/Transcripts/README.md describes.</summary>
/// <remarks>Text is Latin-1, one character a byte.</remarks>
internal sealed class Transcript
{
    public required string Path { get; init; }

    public required IReadOnlyList<TranscriptLine> Lines { get; init; }

    /// <summary>The conversation starts with acknowledgements on, as a client meets it.</summary>
    public required bool StartsWithAcks { get; init; }

    /// <summary>Bytes of the server's buffers.</summary>
    public required int BufferLength { get; init; }

    public static string Folder => System.IO.Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static Transcript Load(string path)
    {
        List<TranscriptLine> lines = [];
        bool acks = false;
        int buffer = 0x4100;
        int number = 0;
        string ability = "";
        bool isForTheRest = false;
        foreach (string line in File.ReadLines(path, Encoding.Latin1))
        {
            number++;
            if (line.Length == 0 || line[0] == '*')
            {
                continue;
            }

            if (line == "@acks")
            {
                acks = true;
            }
            else if (line.StartsWith("@buffer ", StringComparison.Ordinal))
            {
                buffer = int.Parse(line.AsSpan(8), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("@needs", StringComparison.Ordinal) || line.StartsWith("@lacks ", StringComparison.Ordinal))
            {
                isForTheRest = line[1] == 'l';
                ability = line[6..].Trim();
            }
            else
            {
                int space = line.IndexOf(' ', StringComparison.Ordinal);
                string mark = space < 0 ? line : line[..space];
                LineKind kind = mark switch
                {
                    ">" => LineKind.Send,
                    "<" => LineKind.Expect,
                    "%" => LineKind.Notify,
                    ">>" => LineKind.SendRaw,
                    "<<" => LineKind.ExpectRaw,
                    "!" => LineKind.Happen,
                    "=" => LineKind.Asked,
                    _ => throw new FormatException($"{path}:{number}: unknown mark '{mark}'"),
                };
                lines.Add(new TranscriptLine(number, kind, space < 0 ? "" : Unescape(line[(space + 1)..]), ability, isForTheRest));
            }
        }

        return new Transcript { Path = path, Lines = lines, StartsWithAcks = acks, BufferLength = buffer };
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder result = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            switch (text[++i])
            {
                case 'n':
                    result.Append('\n');
                    break;
                case 'x':
                    result.Append((char)int.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    i += 2;
                    break;
                default:
                    result.Append(text[i]);
                    break;
            }
        }

        return result.ToString();
    }
}
