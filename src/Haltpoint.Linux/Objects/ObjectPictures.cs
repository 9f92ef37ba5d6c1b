using System;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Objects;

/// <summary>The object of each kind that a client is reading piece by piece.</summary>
internal sealed class ObjectPictures
{
    private readonly byte[]?[] _pictures = new byte[]?[Enum.GetValues<ObjectKind>().Length];

    /// <summary>Keeps a new picture.</summary>
    public void Keep(ObjectKind kind, byte[] picture) => _pictures[(int)kind] = picture;

    public bool Has(ObjectKind kind) => _pictures[(int)kind] is not null;

    /// <returns>Bytes copied, 0 at the end.</returns>
    public int Read(ObjectKind kind, ulong offset, Span<byte> into)
    {
        ReadOnlySpan<byte> picture = _pictures[(int)kind];
        if (offset >= (ulong)picture.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = picture[(int)offset..];
        rest = rest[..Math.Min(rest.Length, into.Length)];
        rest.CopyTo(into);
        return rest.Length;
    }
}
