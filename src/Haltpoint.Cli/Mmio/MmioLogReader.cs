using System;
using System.IO;

namespace Haltpoint.Cli.Mmio;

/// <summary>Reads a log line by line, in as much memory for a long one as for a short one.</summary>
internal static class MmioLogReader
{
    /// <summary>Bytes of the longest line that is read; what is longer is no line of such a log.</summary>
    public const int LongestLine = 4096;

    private const int ChunkLength = 1 << 16;

    /// <returns>How many lines there were.</returns>
    public static long Read(Stream log, IMmioSink sink)
    {
        byte[] chunk = new byte[ChunkLength];
        int used = 0;
        long number = 0;
        bool isSkipping = false;
        while (true)
        {
            int count = log.Read(chunk, used, chunk.Length - used);
            bool isEnd = count == 0;
            used += count;
            int start = 0;
            int length;
            while ((length = chunk.AsSpan(start, used - start).IndexOf((byte)'\n')) >= 0)
            {
                Take(chunk.AsSpan(start, length), ref number, ref isSkipping, sink);
                start += length + 1;
            }

            chunk.AsSpan(start, used - start).CopyTo(chunk);
            used -= start;
            if (isEnd)
            {
                if (used > 0)
                {
                    Take(chunk.AsSpan(0, used), ref number, ref isSkipping, sink);
                    sink.AddProblem(number, "the last line has no end: the log was cut off");
                }

                if (number == 0)
                {
                    sink.AddProblem(1, "the log is empty");
                }

                return number;
            }

            if (used > LongestLine && !isSkipping)
            {
                number++;
                isSkipping = true;
                sink.AddProblem(number, $"a line of more than {LongestLine} bytes");
            }

            used = isSkipping ? 0 : used;
        }
    }

    private static void Take(ReadOnlySpan<byte> line, ref long number, ref bool isSkipping, IMmioSink sink)
    {
        if (isSkipping)
        {
            isSkipping = false;
            return;
        }

        number++;
        if (line.Length > LongestLine)
        {
            sink.AddProblem(number, $"a line of more than {LongestLine} bytes");
            return;
        }

        new MmioLineParser(line, number).Read(sink, number == 1);
    }
}
