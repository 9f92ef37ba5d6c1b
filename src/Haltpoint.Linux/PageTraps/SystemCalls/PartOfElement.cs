using System;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>A field that the kernel writes in each element of an array that it otherwise only reads.</summary>
/// <param name="Offset">In the element.</param>
/// <param name="Length">In bytes.</param>
internal readonly record struct PartOfElement(uint Offset, uint Length)
{
    private static readonly PartOfElement[] s_poll = [new(6, 2)];
    private static readonly PartOfElement[] s_message = [new(8, 4), new(40, 8), new(48, 4)];
    private static readonly PartOfElement[] s_sent = [new(56, 4)];
    private static readonly PartOfElement[] s_received = [new(8, 4), new(40, 8), new(48, 4), new(56, 4)];
    private static readonly PartOfElement[] s_interfaces = [new(0, 4)];
    private static readonly PartOfElement[] s_vector = [new(8, 8)];

    /// <param name="parts">Which structure.</param>
    /// <param name="element">The size of an element.</param>
    public static ReadOnlySpan<PartOfElement> Of(WrittenParts parts, out uint element)
    {
        (element, PartOfElement[] fields) = parts switch
        {
            WrittenParts.Poll => (8u, s_poll),
            WrittenParts.Message => (56u, s_message),
            WrittenParts.SentMessages => (64u, s_sent),
            WrittenParts.ReceivedMessages => (64u, s_received),
            WrittenParts.InterfacesLength => (16u, s_interfaces),
            WrittenParts.VectorLength => (16u, s_vector),
            _ => (uint.MaxValue, []),
        };
        return fields;
    }
}
