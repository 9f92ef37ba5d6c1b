using System;
using System.Globalization;

namespace Haltpoint.Linux.Objects.OsData;

/// <summary>Rows of named columns, as gdb's <c>info os</c> shows them (gdb manual, "Operating System Information").</summary>
internal sealed class OsDataTable
{
    private readonly XmlBuilder _xml = new();

    public OsDataTable(string type) => _xml.Append("<osdata type=\"").AppendEscaped(type).Append("\">\n");

    public OsDataTable Row()
    {
        _xml.Append("<item>");
        return this;
    }

    public OsDataTable Column(string name, string value)
    {
        _xml.Append("<column name=\"").AppendEscaped(name).Append("\">").AppendEscaped(value).Append("</column>");
        return this;
    }

    public OsDataTable Column(string name, long value) => Column(name, value.ToString(CultureInfo.InvariantCulture));

    /// <param name="name">Of the column.</param>
    /// <param name="seconds">Since 1970; 0 for "never", which shows as nothing.</param>
    public OsDataTable Time(string name, string seconds) => Column(
        name,
        long.TryParse(seconds, CultureInfo.InvariantCulture, out long time) && time != 0
            ? DateTimeOffset.FromUnixTimeSeconds(time).ToLocalTime().ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture)
            : "");

    public void EndRow() => _xml.Append("</item>");

    public byte[] ToBytes() => _xml.Append("</osdata>\n").ToBytes();
}
