namespace Haltpoint.Breakpoints.Slots;

/// <summary>The debug registers of a kind of processor, as data: how many, shared by whom, and what each can hold.</summary>
/// <remarks>A new architecture is a new value here. Facts say where the numbers come from.</remarks>
public struct SlotProfile
{
    /// <summary>No class of registers in use has more.</summary>
    public const int MaxSlots = 16;

    public const int MaxSharedBy = 4;

    public int DataSlots;

    /// <summary>Equal to <see cref="DataSlots"/>, and the same registers, when <see cref="IsMixed"/>.</summary>
    public int InstructionSlots;
    public bool IsMixed;

    /// <summary>How many CPUs, numbered one after the other, share one set of registers: sibling hardware threads. 1 when none do.</summary>
    public int SharedBy;

    public DataForm Form;

    /// <summary>One bit per set of accesses that a data register can be told, the bit's number being the <see cref="AccessKind"/>.</summary>
    public byte DataAccesses;
    public ulong MaxLength;

    /// <summary>Bytes that the registers round to (<see cref="DataForm.Granules"/>), or the window of <see cref="DataForm.ByteSelect"/>.</summary>
    public ulong Granule;

    /// <summary>A range may not cross a multiple of this; 0 when it may.</summary>
    public ulong Boundary;

    /// <summary>AMD: longer powers of two by leaving address bits out of the comparison .</summary>
    public bool HasAddressMasks;

    /// <summary>The lengths an execute request may have, one bit each.</summary>
    public ulong ExecuteLengths;

    /// <summary>Bytes that an execute register holds, whatever was asked; 0 when it is the length asked for.</summary>
    public ulong ExecuteForm;
    public ulong LastAddress;

    /// <summary>First address that is the kernel's.</summary>
    public ulong UserEnd;
    public SlotRefusals Refusals;

    private const byte WriteOrReadWrite = (1 << (int)AccessKind.Write) | (1 << (int)AccessKind.ReadWrite);
    private const byte AnyData = WriteOrReadWrite | (1 << (int)AccessKind.Read);

    public static SlotProfile X86 => new()
    {
        DataSlots = 4,
        InstructionSlots = 4,
        IsMixed = true,
        SharedBy = 1,
        Form = DataForm.Aligned,
        DataAccesses = WriteOrReadWrite,
        MaxLength = 8,
        ExecuteLengths = 1ul << 8, // the word size by Linux's rule
        ExecuteForm = 1,
        LastAddress = ulong.MaxValue,
        UserEnd = 0x7FFF_FFFF_F000,
    };

    /// <summary>A 32-bit kernel on x86: no eight bytes .</summary>
    public static SlotProfile I386
    {
        get
        {
            SlotProfile profile = X86;
            profile.MaxLength = 4;
            profile.ExecuteLengths = 1ul << 4;
            profile.LastAddress = uint.MaxValue;
            profile.UserEnd = 0xC000_0000;
            return profile;
        }
    }

    /// <summary>x86 with AMD's data breakpoint extension.</summary>
    public static SlotProfile AmdMasks
    {
        get
        {
            SlotProfile profile = X86;
            profile.HasAddressMasks = true;
            return profile;
        }
    }

    /// <param name="breakpoints">Instruction registers the processor says it has, 2 to 16.</param>
    /// <param name="watchpoints">Data registers, 2 to 16.</param>
    public static SlotProfile Arm64(int breakpoints, int watchpoints) => new()
    {
        DataSlots = watchpoints,
        InstructionSlots = breakpoints,
        SharedBy = 1,
        Form = DataForm.ByteSelect,
        DataAccesses = AnyData,
        MaxLength = 8,
        Granule = 8,
        ExecuteLengths = ulong.MaxValue & ~1ul, // corrected to 4 without a word
        ExecuteForm = 4,
        LastAddress = ulong.MaxValue,
        UserEnd = 1ul << 48,
        Refusals = SlotRefusals.KernelAddressOfTask,
    };

    /// <param name="breakpoints">Instruction registers the processor says it has.</param>
    /// <param name="watchpoints">Data registers.</param>
    /// <param name="canMismatch">The core can stop at anything but an address; one instruction register is kept for stepping so.</param>
    /// <param name="tellsWhich">Debug architecture 7.1: the core says which data register was hit, so that more than one is of use.</param>
    public static SlotProfile Arm(int breakpoints, int watchpoints, bool canMismatch, bool tellsWhich) => new()
    {
        DataSlots = tellsWhich || watchpoints == 0 ? watchpoints : 1,
        InstructionSlots = canMismatch && breakpoints > 0 ? breakpoints - 1 : breakpoints,
        SharedBy = 1,
        Form = DataForm.WordSelect,
        DataAccesses = AnyData,
        MaxLength = 8,
        Granule = 4,
        ExecuteLengths = (1ul << 2) | (1ul << 4),
        LastAddress = uint.MaxValue,
        UserEnd = 0xBF00_0000,
        Refusals = SlotRefusals.KernelAddress | SlotRefusals.CpuTarget,
    };

    /// <summary>PowerPC with the one eight-byte DABR.</summary>
    public static SlotProfile PowerPcDabr => new()
    {
        DataSlots = 1,
        SharedBy = 1,
        Form = DataForm.Granules,
        DataAccesses = AnyData,
        MaxLength = 8,
        Granule = 8,
        LastAddress = ulong.MaxValue,
        UserEnd = 0xC000_0000_0000_0000,
    };

    /// <param name="registers">1, or 2 where the second DAWR exists.</param>
    /// <param name="mayCross">ISA 3.1: a range may cross a multiple of 512.</param>
    public static SlotProfile PowerPcDawr(int registers, bool mayCross)
    {
        SlotProfile profile = PowerPcDabr;
        profile.DataSlots = registers;
        profile.MaxLength = 512;
        profile.Boundary = mayCross ? 0 : 512ul;
        return profile;
    }

    /// <summary>PowerPC Book-E: separate registers, each of which compares one address .</summary>
    public static SlotProfile BookE(int instructionSlots, int dataSlots) => new()
    {
        DataSlots = dataSlots,
        InstructionSlots = instructionSlots,
        SharedBy = 1,
        Form = DataForm.Exact,
        DataAccesses = AnyData,
        MaxLength = 8,
        ExecuteLengths = 1ul << 4,
        LastAddress = uint.MaxValue,
        UserEnd = 0xC000_0000,
    };

    /// <summary>The same registers, one set for several CPUs .</summary>
    public readonly SlotProfile Shared(int by)
    {
        SlotProfile profile = this;
        profile.SharedBy = by;
        return profile;
    }

    public readonly int ClassCount => IsMixed ? 1 : 2;

    public readonly SlotClass ClassOf(AccessKind access) =>
        IsMixed || access != AccessKind.Execute ? SlotClass.Data : SlotClass.Instruction;

    public readonly int SlotsOf(SlotClass slots) => slots == SlotClass.Instruction ? InstructionSlots : DataSlots;
}
