using System;

namespace Haltpoint.Ring0.Text;

/// <summary>Lines one after the other in the caller's memory; what goes beyond it is cut off.</summary>
internal ref struct TextBuffer(Span<byte> into)
{
    private readonly Span<byte> _into = into;

    public int Length;

    public readonly ReadOnlySpan<byte> Text => _into[..Length];

    public void Add(scoped in Line line)
    {
        ReadOnlySpan<byte> text = line.Text;
        int length = Math.Min(text.Length, _into.Length - Length);
        text[..length].CopyTo(_into[Length..]);
        Length += length;
    }
}
