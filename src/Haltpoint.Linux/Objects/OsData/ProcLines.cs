using System;
using System.Collections.Generic;
using System.IO;

namespace Haltpoint.Linux.Objects.OsData;

/// <summary>Files of /proc that are tables of words.</summary>
internal static class ProcLines
{
    /// <summary>The words of each line after the first <paramref name="skip"/>; none when the kernel has no such file.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="skip">Lines of headings.</param>
    /// <param name="leastWords">Lines with fewer words are left out.</param>
    public static IEnumerable<string[]> Words(string path, int skip, int leastWords)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break;
        }

        for (int i = skip; i < lines.Length; i++)
        {
            string[] words = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= leastWords)
            {
                yield return words;
            }
        }
    }
}
