using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics.X86;
using Iced.Intel;

namespace Haltpoint.Linux.PageTraps.Instructions;

/// <summary>The instructions of one address space that have been met, by address.</summary>
/// <remarks>One caller at a time. A hit allocates nothing.</remarks>
internal sealed class InstructionCache
{
    /// <summary>Bytes of code that are always enough.</summary>
    public const int LongestInstruction = 15;

    // The first four letters of AuthenticAMD and HygonGenuine.
    private const int Amd = 0x6874_7541;
    private const int Hygon = 0x6F67_7948;

    // Code that is made at run time comes to new addresses without end.
    private const int Capacity = 1 << 16;

    // The makers disagree about what an operand size prefix does to a near branch.
    private static readonly DecoderOptions s_options = X86Base.CpuId(0, 0).Ebx is Amd or Hygon ? DecoderOptions.AMD : DecoderOptions.None;

    private readonly Dictionary<ulong, KnownInstruction> _known = [];
    private readonly OperandCompiler _operands = new();
    private readonly RedirectCompiler _redirects = new();

    /// <summary>The instruction at an address.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="code">What is there now, without planted traps: <see cref="LongestInstruction"/> bytes, or fewer where mapped memory ends.</param>
    /// <param name="is32Bit">Whether it executes as 32-bit code.</param>
    /// <returns>Null when the bytes are no instruction.</returns>
    public KnownInstruction? Find(ulong address, ReadOnlySpan<byte> code, bool is32Bit)
    {
        if (_known.TryGetValue(address, out KnownInstruction? known) && known.Is32Bit == is32Bit && code.StartsWith(known.Code))
        {
            return known;
        }

        Decoder decoder = Decoder.Create(is32Bit ? 32 : 64, code[..int.Min(code.Length, LongestInstruction)].ToArray(), address, s_options);
        decoder.Decode(out Instruction decoded);
        if (decoded.IsInvalid)
        {
            return null;
        }

        if (_known.Count >= Capacity)
        {
            _known.Clear();
        }

        known = new KnownInstruction(decoded, code[..decoded.Length], is32Bit, _operands, _redirects);
        _known[address] = known;
        return known;
    }

    /// <summary>Forgets everything, as after exec.</summary>
    public void Clear() => _known.Clear();
}
