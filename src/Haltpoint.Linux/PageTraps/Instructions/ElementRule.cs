using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>How the registers choose the elements of an instruction's operand.</summary>
internal readonly struct ElementRule
{
    public ElementSelection Selection { get; private init; }

    /// <summary>Bytes of one element.</summary>
    public int Size { get; private init; }

    public int Count { get; private init; }

    /// <summary>The register with the mask, or with the offset of a bit.</summary>
    public Register Mask { get; private init; }

    /// <summary>Bits of an opmask register that matter. Where there are more than elements, each element goes to several places.</summary>
    public int MaskBits { get; private init; }

    /// <summary>Whether all pages of the operand must be there, also those of elements that are not accessed.</summary>
    public bool NeedsWhole { get; private init; }

    /// <summary>The vector of offsets, how many bytes one of them has, and what it is multiplied with.</summary>
    public Register Index { get; private init; }

    public int IndexSize { get; private init; }

    public int Scale { get; private init; }

    public static ElementRule Of(in Instruction instruction, in UsedMemory memory)
    {
        if (memory.Index.IsVectorRegister())
        {
            return OfIndexed(instruction, memory);
        }

        switch (instruction.Mnemonic)
        {
            case Mnemonic.Bt or Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc when instruction.Op1Kind == OpKind.Register:
                return new ElementRule
                {
                    Selection = ElementSelection.BitString, Mask = instruction.Op1Register, Size = instruction.MemorySize.GetSize(), Count = 1,
                };
            case Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu:
                return OfSigns(instruction, instruction.Op2Register, 1);
            case Mnemonic.Vmaskmovps or Mnemonic.Vpmaskmovd:
                return OfSigns(instruction, instruction.Op1Register, 4);
            case Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovq:
                return OfSigns(instruction, instruction.Op1Register, 8);
            case Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xsavec or Mnemonic.Xsavec64
                or Mnemonic.Xrstor or Mnemonic.Xrstor64:
                return new ElementRule { Selection = ElementSelection.StateComponents };
            case Mnemonic.Clzero:
                return new ElementRule { Selection = ElementSelection.CacheLine };
            default:
                return instruction.OpMask == Register.None ? default : OfOpMask(instruction);
        }
    }

    private static ElementRule OfOpMask(in Instruction instruction)
    {
        OpCodeInfo opCode = instruction.OpCode;
        int whole = opCode.MemorySize.GetSize();
        int size = opCode.CanBroadcast ? opCode.BroadcastMemorySize.GetSize() : opCode.MemorySize.GetElementSize();
        bool suppressesFaults = MaskedFaults.AreSuppressed(instruction);
        bool writes = instruction.Op0Kind == OpKind.Memory;
        if (size == 0 || whole == 0 || (!suppressesFaults && !writes))
        {
            return default;
        }

        bool isDense = instruction.Mnemonic is
            Mnemonic.Vcompressps or Mnemonic.Vcompresspd or Mnemonic.Vpcompressb or Mnemonic.Vpcompressw or Mnemonic.Vpcompressd
            or Mnemonic.Vpcompressq or Mnemonic.Vexpandps or Mnemonic.Vexpandpd or Mnemonic.Vpexpandb or Mnemonic.Vpexpandw
            or Mnemonic.Vpexpandd or Mnemonic.Vpexpandq;
        return new ElementRule
        {
            Selection = isDense ? ElementSelection.CountOfOpMask : ElementSelection.OpMask,
            Mask = instruction.OpMask,
            MaskBits = IsElementBroadcast(instruction) ? instruction.Op0Register.GetSize() / size : whole / size,
            Size = size,
            Count = instruction.MemorySize.GetSize() / size,
            NeedsWhole = !suppressesFaults,
        };
    }

    private static bool IsElementBroadcast(in Instruction instruction) => instruction.Mnemonic is
        Mnemonic.Vpbroadcastb or Mnemonic.Vpbroadcastw or Mnemonic.Vpbroadcastd or Mnemonic.Vpbroadcastq
        or Mnemonic.Vbroadcastss or Mnemonic.Vbroadcastsd
        or Mnemonic.Vbroadcastf32x2 or Mnemonic.Vbroadcastf32x4 or Mnemonic.Vbroadcastf32x8
        or Mnemonic.Vbroadcastf64x2 or Mnemonic.Vbroadcastf64x4
        or Mnemonic.Vbroadcasti32x2 or Mnemonic.Vbroadcasti32x4 or Mnemonic.Vbroadcasti32x8
        or Mnemonic.Vbroadcasti64x2 or Mnemonic.Vbroadcasti64x4;

    private static ElementRule OfSigns(in Instruction instruction, Register mask, int size) => new()
    {
        Selection = ElementSelection.SignMask, Mask = mask, Size = size, Count = instruction.MemorySize.GetSize() / size,
    };

    private static ElementRule OfIndexed(in Instruction instruction, in UsedMemory memory)
    {
        bool hasOpMask = instruction.OpMask != Register.None;
        Register data = instruction.Op0Kind == OpKind.Memory ? instruction.Op1Register : instruction.Op0Register;
        int size = instruction.MemorySize.GetSize();
        return new ElementRule
        {
            Selection = hasOpMask ? ElementSelection.IndexedByOpMask : ElementSelection.IndexedBySignMask,
            Mask = hasOpMask ? instruction.OpMask : instruction.Op2Register,
            Size = size,
            Count = int.Min(data.GetSize() / size, memory.Index.GetSize() / memory.VsibSize),
            Index = memory.Index,
            IndexSize = memory.VsibSize,
            Scale = memory.Scale,
        };
    }
}
