using System;

namespace Haltpoint.Arch.X86;

/// <summary>Registers that follow each other in number and in their set, and are alike but for the name.</summary>
public readonly ref struct RegisterRun(
    RegisterFeature feature, ReadOnlySpan<byte> names, int first, int count, RegisterType type, RegisterSet set, int offset, int stride)
{
    /// <summary>A name per register with a space between two, or one pattern in which <c>#</c> stands for the index.</summary>
    public ReadOnlySpan<byte> Names { get; } = names;

    /// <summary>Whether <see cref="Names"/> is a pattern.</summary>
    public bool IsPattern
    {
        get
        {
            for (int i = 0; i < Names.Length; i++)
            {
                if (Names[i] == (byte)'#')
                {
                    return true;
                }
            }

            return false;
        }
    }

    public RegisterFeature Feature => feature;

    /// <summary>Index of the first one in the pattern.</summary>
    public int First => first;

    public int Count => count;

    public RegisterType Type => type;

    public RegisterSet Set => set;

    /// <summary>Of the first one in the set.</summary>
    public int Offset => offset;

    public int Stride => stride;

    public int Length => RegisterTypes.Bits(type) / 8;
}
