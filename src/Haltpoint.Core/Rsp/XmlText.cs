using System;

namespace Haltpoint.Rsp;

/// <summary>Bytes of unknown origin as XML text.</summary>
internal static class XmlText
{
    /// <summary>Control characters, which XML cannot express, become '?'; so do bytes outside ASCII, whose encoding nobody knows.</summary>
    public static void Write(scoped ReadOnlySpan<byte> text, ref ReplyWriter writer)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'<':
                    writer.Text("&lt;"u8);
                    break;
                case (byte)'>':
                    writer.Text("&gt;"u8);
                    break;
                case (byte)'&':
                    writer.Text("&amp;"u8);
                    break;
                case (byte)'"':
                    writer.Text("&quot;"u8);
                    break;
                case (byte)'\'':
                    writer.Text("&apos;"u8);
                    break;
                case < 0x20 or >= 0x7F:
                    writer.Byte((byte)'?');
                    break;
                default:
                    writer.Byte(text[i]);
                    break;
            }
        }
    }
}
