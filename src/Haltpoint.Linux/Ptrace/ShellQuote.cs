using System.Collections.Generic;
using System.IO;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Words in a form that every Bourne shell gives back unchanged.</summary>
internal static class ShellQuote
{
    /// <summary><c>exec WORD WORD...</c></summary>
    public static byte[] ExecLine(IReadOnlyList<byte[]> words)
    {
        using MemoryStream line = new();
        line.Write("exec"u8);
        foreach (byte[] word in words)
        {
            line.Write(" '"u8);
            foreach (byte character in word)
            {
                if (character == '\'')
                {
                    line.Write("'\\''"u8);
                }
                else
                {
                    line.WriteByte(character);
                }
            }

            line.Write("'"u8);
        }

        return line.ToArray();
    }
}
