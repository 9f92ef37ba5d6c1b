using System;
using System.Globalization;

namespace Haltpoint.Linux.Objects;

/// <summary>The objects that a program's dynamic linker has loaded (gdb manual, "Library List Format for SVR4 Targets").</summary>
internal static class LibraryList
{
    private const int LongestPath = 4096;

    // Stops a walk through a list that the program has damaged.
    private const int MostNamespaces = 256;

    /// <param name="program">A running program.</param>
    /// <param name="annex">Empty for everything; "start=ADDRESS;prev=ADDRESS;lmid=ADDRESS" for what follows a known place of a namespace.</param>
    /// <returns>
    /// Null when the program has nowhere to keep the list's address: it is static, or it is the dynamic linker itself, started with the
    /// program's path. Unlike an empty list, that lets a client look for the list by the linker's symbols.
    /// </returns>
    public static byte[]? Read(ProgramImage program, string annex)
    {
        XmlBuilder xml = new XmlBuilder().Append("<library-list-svr4 version=\"1.0\"");
        ulong start = Argument(annex, "start");
        if (start != 0)
        {
            xml.Append(">");
            Append(xml, program, start, Argument(annex, "prev"), Argument(annex, "lmid"));
            return xml.Append("</library-list-svr4>").ToBytes();
        }

        if (!Rendezvous.TryFindPointer(program, out _))
        {
            return null;
        }

        if (!Rendezvous.TryFind(program, out Rendezvous rendezvous) || rendezvous.FirstMap == 0)
        {
            return xml.Append("/>").ToBytes();
        }

        // The program itself comes first and is no library.
        xml.Append(" main-lm=\"").AppendHex(rendezvous.FirstMap).Append("\">");
        if (LinkMap.TryRead(program, rendezvous.FirstMap, out LinkMap main))
        {
            Append(xml, program, main.Next, main.Address, rendezvous.Address);
        }

        for (int i = 0; i < MostNamespaces && Rendezvous.TryRead(program, rendezvous.Next, out Rendezvous next); i++)
        {
            rendezvous = next;
            Append(xml, program, rendezvous.FirstMap, 0, rendezvous.Address);
        }

        return xml.Append("</library-list-svr4>").ToBytes();
    }

    private static void Append(XmlBuilder xml, ProgramImage program, ulong first, ulong previous, ulong linkNamespace)
    {
        foreach (LinkMap map in LinkMap.Walk(program, first, previous))
        {
            string name = program.ReadText(map.Name, LongestPath);
            if (name.Length > 0)
            {
                xml.Append("<library name=\"").AppendEscaped(name)
                    .Append("\" lm=\"").AppendHex(map.Address)
                    .Append("\" l_addr=\"").AppendHex(map.LoadAddress)
                    .Append("\" l_ld=\"").AppendHex(map.Dynamic)
                    .Append("\" lmid=\"").AppendHex(linkNamespace)
                    .Append("\"/>");
            }
        }
    }

    private static ulong Argument(string annex, string name)
    {
        foreach (string argument in annex.Split(';'))
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0
                && argument.AsSpan(0, equals).SequenceEqual(name)
                && ulong.TryParse(argument.AsSpan(equals + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
            {
                return value;
            }
        }

        return 0;
    }
}
