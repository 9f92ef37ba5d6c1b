using System;
using System.Text;

namespace Haltpoint.Linux.Serving;

/// <summary>What a monitor command printed, until the client has taken it.</summary>
internal sealed class MonitorOutput
{
    private byte[] _text = [];
    private int _taken;

    /// <summary>The command failed: the client is told so after the text.</summary>
    public bool IsFailure { get; private set; }

    public void Set(string text, bool isFailure)
    {
        _text = Encoding.UTF8.GetBytes(text);
        _taken = 0;
        IsFailure = isFailure;
    }

    /// <returns>Bytes taken, 0 at the end.</returns>
    public int Take(Span<byte> into)
    {
        int length = Math.Min(into.Length, _text.Length - _taken);
        _text.AsSpan(_taken, length).CopyTo(into);
        _taken += length;
        return length;
    }
}
