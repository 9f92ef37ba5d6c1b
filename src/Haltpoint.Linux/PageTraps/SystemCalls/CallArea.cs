namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>Bytes that a call will touch, or a structure that leads to such.</summary>
internal struct CallArea
{
    /// <summary>As the program knows it.</summary>
    public ulong Address;
    public ulong Length;
    public CallDirection Direction;
    public CallTransfer Transfer;
    public WrittenParts Parts;

    /// <summary>Of the elements that the return value counts.</summary>
    public uint Unit;

    /// <summary>Bytes before the elements.</summary>
    public uint Extra;

    /// <summary>For <see cref="CallTransfer.Shared"/>: bytes in the buffers before this one.</summary>
    public ulong Before;

    /// <summary>For <see cref="CallTransfer.LengthWord"/> of an argument: where the program's length word is.</summary>
    public ulong LengthAddress;

    /// <summary>Of a string, the most bytes the kernel looks at; 0 of anything else.</summary>
    public ulong TextMost;

    /// <summary>The area with the structure that holds this one's address, -1 for an argument.</summary>
    public int Parent;

    /// <summary>Where in the parent, or which argument.</summary>
    public int Offset;

    /// <summary>Where in the parent the number of elements is, or which argument; -1 for none.</summary>
    public int CountOffset;

    /// <summary>What the kernel is given for it.</summary>
    public ulong Given;

    /// <summary>It has an armed byte.</summary>
    public bool IsArmed;

    /// <summary>It has armed bytes and others, or others with another home.</summary>
    public bool IsCrossing;

    /// <summary>An address in it has to be changed.</summary>
    public bool IsRewritten;

    /// <summary>Where the plan keeps its bytes, -1 for nowhere.</summary>
    public int Image;

    /// <summary>Given as a vector of its pieces.</summary>
    public bool IsSplit;

    public readonly bool IsElsewhere => IsCrossing || IsRewritten;
}
