using System;

namespace Haltpoint.Targets;

/// <summary>Registers of a stopped thread, numbered and laid out as the target description says.</summary>
public interface IRegisters<TSelf>
    where TSelf : struct
{
    /// <summary>The whole image of the <c>g</c> packet in target byte order.</summary>
    /// <returns>Bytes written, or 0 when the thread has no registers to give (gone, or running).</returns>
    /// <param name="self">The target.</param>
    /// <param name="thread">One thread.</param>
    /// <param name="into">At least <see cref="RegisterImageLength"/> bytes.</param>
    /// <param name="available">One bit per register number, all of them set: clear those of registers without a value.
    /// Registers past the span's end are available.</param>
    static abstract int ReadRegisters(ref TSelf self, ThreadId thread, Span<byte> into, Span<ulong> available);

    static abstract TargetStatus WriteRegisters(ref TSelf self, ThreadId thread, ReadOnlySpan<byte> image);

    /// <returns>Bytes written; 0 when there is no such register or thread; -1 when it exists and has no value now.</returns>
    static abstract int ReadRegister(ref TSelf self, ThreadId thread, int number, Span<byte> into);

    static abstract TargetStatus WriteRegister(ref TSelf self, ThreadId thread, int number, ReadOnlySpan<byte> value);

    /// <summary>Bytes of the <c>g</c> image for threads of this process.</summary>
    static abstract int RegisterImageLength(ref TSelf self, ThreadId thread);

    /// <summary>Bytes of the image that a client expects which reads no description: no more than what it knows by itself.</summary>
    static virtual int BaseImageLength(ref TSelf self, ThreadId thread) => int.MaxValue;

    /// <summary>Offset and size in the image of a register, so that <c>g</c> can mark the unavailable ones.</summary>
    static abstract bool TryLocateRegister(ref TSelf self, ThreadId thread, int number, out int offset, out int length);

    /// <summary>Register numbers worth sending with every stop reply: frame pointer, stack pointer, program counter.</summary>
    static abstract ReadOnlySpan<byte> ExpeditedRegisters(ref TSelf self, ThreadId thread);
}
