using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Haltpoint.Linux.PageTraps.OwnMaps;

/// <summary>A mapping as /proc/PID/maps shows it, with the lines below it in /proc/PID/smaps.</summary>
internal sealed record MapsBlock(
    ulong Start, ulong End, string Permissions, ulong Offset, string Device, string Inode, string Path, IReadOnlyList<MapsField> Fields)
{
    // fs/proc/task_mmu.c pads to here, and puts a space behind.
    private const int PathColumn = 72;

    /// <summary>Whether the offset is one into a file; of other memory it is always shown as zero.</summary>
    private bool HasFile => Device != "00:00" || Inode != "0";

    /// <returns>Null for a line of any other kind.</returns>
    public static MapsBlock? TryParseHeader(string line)
    {
        ReadOnlySpan<char> rest = line;
        ReadOnlySpan<char> range = Take(ref rest);
        int dash = range.IndexOf('-');
        if (dash < 0 || !TryHex(range[..dash], out ulong start) || !TryHex(range[(dash + 1)..], out ulong end))
        {
            return null;
        }

        string permissions = Take(ref rest).ToString();
        if (!TryHex(Take(ref rest), out ulong offset))
        {
            return null;
        }

        string device = Take(ref rest).ToString();
        string inode = Take(ref rest).ToString();
        return new MapsBlock(start, end, permissions, offset, device, inode, rest.TrimStart(' ').ToString(), []);
    }

    /// <summary>A part of it.</summary>
    public MapsBlock Slice(ulong start, ulong end)
    {
        if (start == Start && end == End)
        {
            return this;
        }

        List<MapsField> fields = [];
        foreach (MapsField field in Fields)
        {
            fields.Add(field.Slice((start - Start) >> 10, (end - start) >> 10));
        }

        return this with { Start = start, End = end, Offset = HasFile ? Offset + (start - Start) : Offset, Fields = fields };
    }

    /// <summary>Whether the kernel would have one mapping in the place of this and its neighbour, as far as can be seen.</summary>
    public bool CanJoin(MapsBlock next)
    {
        bool isSame = End == next.Start && Permissions == next.Permissions && Device == next.Device && Inode == next.Inode
            && (!HasFile || Offset + (End - Start) == next.Offset) && MapsNames.AreOfOne(Path, next.Path) && Fields.Count == next.Fields.Count;
        for (int i = 0; isSame && i < Fields.Count; i++)
        {
            isSame = Fields[i].CanJoin(next.Fields[i]);
        }

        return isSame;
    }

    public MapsBlock Join(MapsBlock next)
    {
        List<MapsField> fields = [];
        for (int i = 0; i < Fields.Count; i++)
        {
            fields.Add(Fields[i].Join(next.Fields[i]));
        }

        return this with { End = next.End, Path = Path.Length > 0 ? Path : next.Path, Fields = fields };
    }

    public void AppendTo(StringBuilder text)
    {
        int line = text.Length;
        text.Append(CultureInfo.InvariantCulture, $"{Start:x8}-{End:x8} {Permissions} {Offset:x8} {Device} {Inode} ");
        if (Path.Length > 0)
        {
            text.Append(' ', Math.Max(0, line + PathColumn + 1 - text.Length)).Append(Path);
        }

        text.Append('\n');
        foreach (MapsField field in Fields)
        {
            text.Append(field.Text).Append('\n');
        }
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> line)
    {
        int space = line.IndexOf(' ');
        ReadOnlySpan<char> word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }

    private static bool TryHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
