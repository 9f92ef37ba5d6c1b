using Iced.Intel;

namespace Haltpoint.Linux.Decoding;

/// <summary>Makes the recipe of an instruction.</summary>
/// <remarks>Not for two callers at once: the analysis behind it keeps its lists.</remarks>
internal sealed class RecipeCompiler
{
    private readonly InstructionInfoFactory _factory = new();

    /// <summary>False when the instruction touches no memory.</summary>
    /// <param name="instruction">A decoded instruction.</param>
    /// <param name="wantsReads">Whether an instruction that only reads is of interest, too.</param>
    /// <param name="recipe">What it does to memory.</param>
    public bool TryCompile(in Instruction instruction, bool wantsReads, out AccessRecipe recipe)
    {
        recipe = default;
        InstructionInfo info = _factory.GetInfo(instruction);
        bool found = false;
        foreach (UsedMemory memory in info.GetUsedMemory())
        {
            bool writes = Writes(memory.Access);
            if (!writes && !(wantsReads && Reads(memory.Access)))
            {
                continue;
            }

            // An instruction with two operands in memory, such as a string move: the one it writes is asked for first.
            if (!found || (writes && !recipe.Writes))
            {
                recipe = Compile(instruction, info, memory, writes);
                found = true;
            }
        }

        return found;
    }

    private static AccessRecipe Compile(in Instruction instruction, in InstructionInfo info, in UsedMemory memory, bool writes)
    {
        int size = MemorySizeOf(instruction, memory);
        AccessOperation operation = writes ? OperationOf(instruction) : ReadOperationOf(instruction, size);
        bool hasBase = TryAddressRegister(memory.Base, out RegisterPart? @base);
        bool hasIndex = TryAddressRegister(memory.Index, out RegisterPart? index);
        bool isString = instruction.IsStringInstruction;
        bool isStack = memory.Base.GetFullRegister() == Register.RSP && instruction.StackPointerIncrement != 0;
        bool overwritten = (Overwritten(info, memory.Base) && !isString && !isStack) || Overwritten(info, memory.Index);
        (RegisterPart? source, ulong immediate) = SourceOf(instruction, operation);
        return new AccessRecipe
        {
            Operation = operation,
            Writes = writes,
            Size = size,
            Base = @base,
            Index = index,
            Scale = memory.Scale,
            Displacement = memory.Displacement,
            BaseMoved = isStack ? instruction.StackPointerIncrement : 0,
            ElementMoved = isString ? size : 0,
            HasAddress = hasBase && hasIndex && !overwritten && memory.Segment is not (Register.FS or Register.GS),
            AddressSize = memory.AddressSize switch { CodeSize.Code16 => 2, CodeSize.Code32 => 4, _ => 8 },
            Source = source,
            Immediate = immediate,
            Condition = instruction.ConditionCode,
            SetsResultFlags = instruction.Mnemonic is Mnemonic.Add or Mnemonic.Sub or Mnemonic.Inc or Mnemonic.Dec or Mnemonic.And
                or Mnemonic.Or or Mnemonic.Xor or Mnemonic.Neg,
        };
    }

    private static int MemorySizeOf(in Instruction instruction, in UsedMemory memory)
    {
        int size = memory.MemorySize.GetSize();
        return size != 0 || !instruction.IsStackInstruction ? size : int.Abs(instruction.StackPointerIncrement);
    }

    private static bool TryAddressRegister(Register register, out RegisterPart? part)
    {
        part = null;
        if (register == Register.None)
        {
            return true;
        }

        bool known = RegisterPart.TryFrom(register, out RegisterPart found);
        part = known ? found : null;
        return known;
    }

    private static bool Overwritten(in InstructionInfo info, Register register)
    {
        if (register == Register.None)
        {
            return false;
        }

        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            if (Writes(used.Access) && used.Register.GetFullRegister() == register.GetFullRegister())
            {
                return true;
            }
        }

        return false;
    }

    private static (RegisterPart? Source, ulong Immediate) SourceOf(in Instruction instruction, AccessOperation operation)
    {
        switch (operation)
        {
            case AccessOperation.Call:
                return (null, instruction.NextIP);
            case AccessOperation.StoreString:
                return (RegisterPart.TryFrom(instruction.Op1Register, out RegisterPart filler) ? filler : null, 0);
            case AccessOperation.Load:
                return (RegisterPart.TryFrom(instruction.Op0Register, out RegisterPart loaded) ? loaded : null, 0);
        }

        if (instruction.Mnemonic is Mnemonic.Inc or Mnemonic.Dec)
        {
            return (null, 1);
        }

        for (int i = instruction.OpCount - 1; i >= 0; i--)
        {
            OpKind kind = instruction.GetOpKind(i);
            if (kind == OpKind.Register)
            {
                return (RegisterPart.TryFrom(instruction.GetOpRegister(i), out RegisterPart part) ? part : null, 0);
            }

            if (kind is >= OpKind.Immediate8 and <= OpKind.Immediate32to64)
            {
                ulong immediate = instruction.GetImmediate(i);
                return (null, IsBitTest(instruction) ? BitOperand(instruction, immediate) : immediate);
            }
        }

        return (null, 0);
    }

    private static AccessOperation OperationOf(in Instruction instruction)
    {
        AccessOperation operation = instruction.Mnemonic switch
        {
            Mnemonic.Mov or Mnemonic.Movnti or Mnemonic.Movdiri or Mnemonic.Push => AccessOperation.Move,
            Mnemonic.Movbe => AccessOperation.MoveByteSwapped,
            Mnemonic.Add or Mnemonic.Inc => AccessOperation.Add,
            Mnemonic.Sub or Mnemonic.Dec => AccessOperation.Subtract,
            Mnemonic.And => AccessOperation.And,
            Mnemonic.Or or Mnemonic.Bts => AccessOperation.Or,
            Mnemonic.Xor or Mnemonic.Btc => AccessOperation.Xor,
            Mnemonic.Btr => AccessOperation.And,
            Mnemonic.Not => AccessOperation.Not,
            Mnemonic.Neg => AccessOperation.Negate,
            Mnemonic.Shl or Mnemonic.Sal => AccessOperation.ShiftLeft,
            Mnemonic.Shr => AccessOperation.ShiftRight,
            Mnemonic.Sar => AccessOperation.ShiftRightSigned,
            Mnemonic.Xchg => AccessOperation.Exchange,
            Mnemonic.Xadd => AccessOperation.ExchangeAdd,
            Mnemonic.Cmpxchg => AccessOperation.CompareExchange,
            Mnemonic.Cmpxchg8b or Mnemonic.Cmpxchg16b => AccessOperation.CompareExchangePair,
            Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq => AccessOperation.StoreString,
            Mnemonic.Call => AccessOperation.Call,
            _ => AccessOperation.Unknown,
        };

        if (operation == AccessOperation.Unknown && instruction.ConditionCode != ConditionCode.None && instruction.OpCount == 1)
        {
            return AccessOperation.SetOnCondition;
        }

        // A register bit offset reaches beyond the operand, and a source in memory or in a segment register is not in a sample.
        bool sourceMissing = instruction.OpCount > 0 && !SourceIsCarried(instruction);
        return sourceMissing && NeedsSource(operation) ? AccessOperation.Unknown : operation;
    }

    private static bool NeedsSource(AccessOperation operation) =>
        operation is not (AccessOperation.Not or AccessOperation.Negate or AccessOperation.Call or AccessOperation.CompareExchangePair
            or AccessOperation.StoreString);

    private static bool SourceIsCarried(in Instruction instruction)
    {
        if (instruction.Mnemonic is Mnemonic.Inc or Mnemonic.Dec)
        {
            return true;
        }

        int last = instruction.OpCount - 1;
        OpKind kind = instruction.GetOpKind(last);
        if (kind == OpKind.Register)
        {
            return !IsBitTest(instruction) && RegisterPart.TryFrom(instruction.GetOpRegister(last), out _);
        }

        return kind is >= OpKind.Immediate8 and <= OpKind.Immediate32to64;
    }

    private static bool IsBitTest(in Instruction instruction) => instruction.Mnemonic is Mnemonic.Bts or Mnemonic.Btr or Mnemonic.Btc;

    private static ulong BitOperand(in Instruction instruction, ulong offset)
    {
        ulong bit = 1ul << (int)(offset & (ulong)((8 * instruction.MemorySize.GetSize()) - 1));
        return instruction.Mnemonic == Mnemonic.Btr ? ~bit : bit;
    }

    private static AccessOperation ReadOperationOf(in Instruction instruction, int size) =>
        instruction.Mnemonic is Mnemonic.Mov && instruction.Op0Kind == OpKind.Register && instruction.Op0Register.GetSize() == size
            ? AccessOperation.Load
            : AccessOperation.Read;

    private static bool Writes(OpAccess access) =>
        access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;

    private static bool Reads(OpAccess access) =>
        access is OpAccess.Read or OpAccess.CondRead or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
}
