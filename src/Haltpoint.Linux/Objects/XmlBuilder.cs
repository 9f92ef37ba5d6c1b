using System.Globalization;
using System.Text;

namespace Haltpoint.Linux.Objects;

/// <summary>XML under construction, for clients that reject the whole of it at the first bad character.</summary>
internal sealed class XmlBuilder
{
    private readonly StringBuilder _text = new();

    /// <summary>Markup, as it is.</summary>
    public XmlBuilder Append(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public XmlBuilder AppendHex(ulong value)
    {
        _text.Append("0x").Append(value.ToString("x", CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Text of the outside world: markup characters are escaped, those that XML 1.0 has no place for become question marks.</summary>
    public XmlBuilder AppendEscaped(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    _text.Append("&amp;");
                    break;
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '"':
                    _text.Append("&quot;");
                    break;
                case '\'':
                    _text.Append("&apos;");
                    break;
                case '\t' or '\n' or '\r':
                    _text.Append((char)rune.Value);
                    break;
                case < 0x20 or 0xFFFE or 0xFFFF:
                    _text.Append('?');
                    break;
                default:
                    _text.Append(rune.ToString());
                    break;
            }
        }

        return this;
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
