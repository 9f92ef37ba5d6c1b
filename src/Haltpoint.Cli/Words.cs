using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Haltpoint.Cli;

/// <summary>Words of a command line as the kernel's bytes: a file name need not be text.</summary>
internal static class Words
{
    /// <summary>The last <paramref name="count"/> words of this process's own command line.</summary>
    public static IReadOnlyList<byte[]> OwnLast(int count)
    {
        byte[] all = File.ReadAllBytes("/proc/self/cmdline");
        byte[][] words = new byte[count][];
        int end = all.Length - 1;
        for (int i = count - 1; i >= 0; i--)
        {
            int start = System.Array.LastIndexOf(all, (byte)0, end - 1) + 1;
            words[i] = all[start..end];
            end = start - 1;
        }

        return words;
    }

    public static IReadOnlyList<byte[]> Bytes(IReadOnlyList<string> words)
    {
        byte[][] all = new byte[words.Count][];
        for (int i = 0; i < words.Count; i++)
        {
            all[i] = Encoding.UTF8.GetBytes(words[i]);
        }

        return all;
    }
}
