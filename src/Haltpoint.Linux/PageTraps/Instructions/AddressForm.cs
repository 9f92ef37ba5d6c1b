using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>How the address of a memory operand comes from the registers.</summary>
internal readonly struct AddressForm
{
    // What Linux gives every program for ds, es and ss (asm/segment.h, __USER_DS).
    private const ulong FlatDataSegment = 0x2B;
    private const ulong FlatCodeSegment32 = 0x23;

    private readonly RegisterSlice _base;
    private readonly RegisterSlice _index;
    private readonly int _scale;
    private readonly ulong _displacement;
    private readonly ulong _effectiveMask;
    private readonly Register _segment;
    private readonly bool _is32Bit;

    private AddressForm(in UsedMemory memory, RegisterSlice @base, RegisterSlice index, bool is32Bit)
    {
        _base = @base;
        _index = index;
        _scale = memory.Scale;
        _displacement = memory.Displacement;
        _segment = memory.Segment;
        _is32Bit = is32Bit;
        AddressSize = memory.AddressSize switch
        {
            CodeSize.Code64 => 8,
            CodeSize.Code32 => 4,
            CodeSize.Code16 => 2,
            _ => is32Bit ? 4 : 8,
        };
        _effectiveMask = RegisterSlice.Mask(AddressSize);
    }

    /// <summary>Bytes of the effective address.</summary>
    public int AddressSize { get; }

    /// <summary>Takes it from the decoder. An index that is a vector is left out: what remains is the part that all elements share.</summary>
    public static bool TryFrom(in UsedMemory memory, bool is32Bit, out AddressForm form)
    {
        form = default;
        RegisterSlice @base = default;
        RegisterSlice index = default;
        // The displacement of a rip-relative operand has the instruction pointer in it already.
        bool hasBase = memory.Base is not (Register.None or Register.RIP or Register.EIP);
        bool hasIndex = memory.Index != Register.None && !memory.Index.IsVectorRegister();
        if ((hasBase && !RegisterSlice.TryFrom(memory.Base, out @base)) || (hasIndex && !RegisterSlice.TryFrom(memory.Index, out index)))
        {
            return false;
        }

        form = new AddressForm(memory, @base, index, is32Bit);
        return true;
    }

    /// <summary>The linear address.</summary>
    /// <param name="registers">Before the instruction.</param>
    /// <param name="offset">Added to the effective address before it is cut to the address size.</param>
    /// <param name="address">It.</param>
    /// <returns>False for a segment whose base is not in the registers.</returns>
    public bool TryLinear<TRegisters>(ref TRegisters registers, ulong offset, out ulong address)
        where TRegisters : struct, IRegisterFile
    {
        ulong effective = _displacement + offset;
        if (_base.Exists)
        {
            effective += _base.Read(ref registers);
        }

        if (_index.Exists)
        {
            effective += _index.Read(ref registers) * (ulong)_scale;
        }

        bool known = TrySegmentBase(ref registers, out ulong segmentBase);
        address = (effective & _effectiveMask) + segmentBase;
        if (_is32Bit)
        {
            address = (uint)address;
        }

        return known;
    }

    /// <summary>What the index adds to the address.</summary>
    public ulong ReadIndex<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IRegisterFile
        => _index.Exists ? _index.Read(ref registers) * (ulong)_scale : 0;

    private bool TrySegmentBase<TRegisters>(ref TRegisters registers, out ulong segmentBase)
        where TRegisters : struct, IRegisterFile
    {
        segmentBase = 0;
        switch (_segment)
        {
            case Register.FS:
                segmentBase = registers[UserRegister.FsBase];
                return true;
            case Register.GS:
                segmentBase = registers[UserRegister.GsBase];
                return true;
            case Register.DS when _is32Bit:
                return registers[UserRegister.Ds] == FlatDataSegment;
            case Register.ES when _is32Bit:
                return registers[UserRegister.Es] == FlatDataSegment;
            case Register.SS when _is32Bit:
                return registers[UserRegister.Ss] == FlatDataSegment;
            case Register.CS when _is32Bit:
                return registers[UserRegister.Cs] == FlatCodeSegment32;
            default:
                return true;
        }
    }
}
