using System;
using Haltpoint.Linux.Registers;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>An instruction of the program, worked out once: what it accesses, and how it can be made to access it elsewhere.</summary>
/// <remarks>Immutable. Everything here is asked before the instruction executes, with the registers of a thread that stands on it.</remarks>
internal sealed class KnownInstruction
{
    private readonly byte[] _code;
    private readonly MemoryOperand[] _operands;
    private readonly Instruction _decoded;
    private readonly ElementRule _elements;
    private readonly bool _hasKnownOperands;
    private readonly RedirectPlan? _redirect;
    private readonly EmulatedInstruction _emulated;

    internal KnownInstruction(in Instruction decoded, ReadOnlySpan<byte> code, bool is32Bit, OperandCompiler operands, RedirectCompiler redirects)
    {
        _decoded = decoded;
        _code = code.ToArray();
        Is32Bit = is32Bit;
        _hasKnownOperands = operands.TryCompile(decoded, is32Bit, out _operands, out _elements);
        Repetition = RepetitionOf(decoded, is32Bit);
        if (_hasKnownOperands)
        {
            _redirect = redirects.Compile(decoded, is32Bit, _operands, _elements);
            _emulated = EmulatedInstruction.From(decoded, is32Bit, _operands, _elements);
        }
    }

    public ulong Address => _decoded.IP;

    public int Length => _code.Length;

    public ulong NextAddress => _decoded.NextIP;

    public ReadOnlySpan<byte> Code => _code;

    public bool Is32Bit { get; }

    public Mnemonic Mnemonic => _decoded.Mnemonic;

    internal Repetition Repetition { get; }

    internal bool IsString => _decoded.IsStringInstruction;

    internal ReadOnlySpan<MemoryOperand> Operands => _operands;

    internal ref readonly ElementRule Elements => ref _elements;

    /// <summary>What it is about to access; of a repeated string instruction, the next element.</summary>
    /// <param name="registers">Of the thread.</param>
    /// <param name="into">At least <see cref="MemoryAccess.Most"/>; an instruction that reads and writes one operand has one entry for both.</param>
    /// <returns>How many; -1 when it cannot be told.</returns>
    public int FindAccesses<TRegisters>(ref TRegisters registers, Span<MemoryAccess> into)
        where TRegisters : struct, IRegisterFile
    {
        if (!_hasKnownOperands)
        {
            return -1;
        }

        if (Repetition.IsOver(ref registers))
        {
            return 0;
        }

        int count = 0;
        for (int i = 0; i < _operands.Length; i++)
        {
            if (_operands[i].Direction == AccessDirection.None)
            {
                continue;
            }

            int found = AccessFinder.Find(_operands[i], i == 0 ? _elements : default, ref registers, into[count..]);
            if (found < 0)
            {
                return -1;
            }

            count += found;
        }

        return count;
    }

    /// <summary>Executes it, or one element of a repeated one, on registers and memory.</summary>
    /// <remarks>
    /// Memory is read and written once for each access. That is not atomic with what other threads do beyond what <paramref name="memory"/>
    /// makes it; instructions that read and write one operand are never emulated.
    /// </remarks>
    /// <returns>False when it is not one that is emulated, or memory refused; nothing has changed then.</returns>
    public bool TryEmulate<TRegisters, TMemory>(ref TRegisters registers, ref TMemory memory)
        where TRegisters : struct, IRegisterFile
        where TMemory : struct, IProgramMemory
        => _emulated.TryExecute(this, ref registers, ref memory);

    /// <summary>What <see cref="TryRedirect"/> wants in the slot; empty when it always fails. It is the same at every address.</summary>
    public ReadOnlySpan<byte> SlotCode => _redirect is null ? default : _redirect.Code;

    /// <summary>Prepares the registers for one step of <see cref="SlotCode"/>, which does at the home what the instruction does here.</summary>
    /// <param name="registers">Of the thread; changed when it succeeds.</param>
    /// <param name="homes">Where memory is.</param>
    /// <param name="slot">Address of the slot.</param>
    /// <param name="step">What makes the registers right again; one of its ends must be called before the program sees them.</param>
    /// <returns>False when it cannot be done, or when the instruction has nothing in an armed range; nothing has changed then.</returns>
    public bool TryRedirect<TRegisters, THomes>(ref TRegisters registers, ref THomes homes, ulong slot, out RedirectedStep step)
        where TRegisters : struct, IRegisterFile
        where THomes : struct, IHomes
    {
        step = default;
        return _redirect is not null && _redirect.TryPrepare(this, ref registers, ref homes, slot, out step);
    }

    /// <summary>What must be there for one operand, whatever its direction.</summary>
    internal int FindTouched<TRegisters>(int operand, ref TRegisters registers, Span<MemoryAccess> into)
        where TRegisters : struct, IRegisterFile
        => AccessFinder.Find(_operands[operand], operand == 0 && !_elements.NeedsWhole ? _elements : default, ref registers, into);

    private static Repetition RepetitionOf(in Instruction decoded, bool is32Bit)
    {
        if (!decoded.IsStringInstruction || (!decoded.HasRepPrefix && !decoded.HasRepnePrefix))
        {
            return default;
        }

        bool compares = decoded.Mnemonic is Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsd or Mnemonic.Cmpsq
            or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq;
        RepeatRule rule = !compares ? RepeatRule.Count : decoded.HasRepnePrefix ? RepeatRule.CountWhileNotEqual : RepeatRule.CountWhileEqual;
        return new Repetition(rule, StringAddressSize(decoded, is32Bit));
    }

    private static byte StringAddressSize(in Instruction decoded, bool is32Bit)
    {
        for (int i = 0; i < decoded.OpCount; i++)
        {
            switch (decoded.GetOpKind(i))
            {
                case OpKind.MemorySegSI or OpKind.MemorySegDI or OpKind.MemoryESDI:
                    return 2;
                case OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI:
                    return 4;
                case OpKind.MemorySegRSI or OpKind.MemorySegRDI or OpKind.MemoryESRDI:
                    return 8;
            }
        }

        return (byte)(is32Bit ? 4 : 8);
    }
}
