using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Symbols;

namespace Haltpoint.Ring0.Interrupts;

/// <summary>The end: says what happened and where, and stops every CPU.</summary>
internal static unsafe class Panic
{
    private const uint ExitStatus = 101;
    private const int MaxFrames = 32;

    private static int s_isPanicking;
    private static Message s_message;
    private static int s_messageLength;

    /// <summary>With a reason of the caller's own. The exception that follows leads to the other <see cref="Now(InterruptFrame*)"/>, registers included.</summary>
    public static void Now(ReadOnlySpan<byte> reason)
    {
        s_messageLength = Math.Min(reason.Length, sizeof(Message));
        reason[..s_messageLength].CopyTo(s_message);
        Fail();
    }

    public static void Now(InterruptFrame* frame)
    {
        Instructions.DisableInterrupts();
        if (Interlocked.CompareExchange(ref s_isPanicking, 1, 0) != 0)
        {
            // Another CPU's panic, or one inside this one: the first says more.
            Instructions.Stop();
        }

        StopOthers();
        Log.BreakLock();
        Report(frame);
        if (BootOptions.ExitsOnPanic)
        {
            EmulatorExit.Fail(ExitStatus);
        }

        Instructions.Stop();
    }

    /// <summary>On an NMI that nobody else wanted.</summary>
    public static void StopIfPanicking()
    {
        if (Volatile.Read(ref s_isPanicking) != 0)
        {
            Instructions.Stop();
        }
    }

    private static void StopOthers()
    {
        Cpu* self = Instructions.Current();
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            if (cpu != self && cpu->IsOnline != 0)
            {
                LocalApic.SendNmi(cpu->ApicId);
            }
        }
    }

    private static void Report(InterruptFrame* frame)
    {
        Cpu* cpu = Instructions.Current();
        if (frame->Rip == FailAddress())
        {
            ReadOnlySpan<byte> reason = s_messageLength == 0 ? "an index out of range, or an overflow"u8 : ((ReadOnlySpan<byte>)s_message)[..s_messageLength];
            Log.Write($"panic: {reason}");
        }
        else if (frame->Vector == Vectors.PageFault)
        {
            Log.Write($"panic: {Exceptions.Name(frame->Vector)} at address {Instructions.ReadFaultAddress():x16}, error {frame->ErrorCode:x}");
        }
        else if (frame->Vector == Vectors.DoubleFault && StackArea.IsGuard(Instructions.ReadFaultAddress()))
        {
            Log.Write($"panic: the stack ran over at address {Instructions.ReadFaultAddress():x16}");
        }
        else
        {
            Log.Write($"panic: {Exceptions.Name(frame->Vector)}, vector {frame->Vector}, error {frame->ErrorCode:x}");
        }

        Log.Write($"on CPU {cpu->Index}, thread {cpu->Current->Id} {cpu->Current->Name}");
        Log.Write($"rip {frame->Rip:x16}  rsp {frame->Rsp:x16}  flags {frame->Rflags:x8}");
        Log.Write($"rax {frame->Rax:x16}  rbx {frame->Rbx:x16}  rcx {frame->Rcx:x16}  rdx {frame->Rdx:x16}");
        Log.Write($"rsi {frame->Rsi:x16}  rdi {frame->Rdi:x16}  rbp {frame->Rbp:x16}  r8  {frame->R8:x16}");
        Log.Write($"r9  {frame->R9:x16}  r10 {frame->R10:x16}  r11 {frame->R11:x16}  r12 {frame->R12:x16}");
        Log.Write($"r13 {frame->R13:x16}  r14 {frame->R14:x16}  r15 {frame->R15:x16}");
        Unwinder unwinder = new(frame);
        for (int i = 0; i < MaxFrames; i++)
        {
            ReadOnlySpan<byte> name = SymbolTable.NameOf(unwinder.LookupAddress, out _);
            SymbolTable.NameOf(unwinder.Address, out ulong offset);
            Log.Write($"  {i,2} {unwinder.Address:x16} {(name.IsEmpty ? "?"u8 : name)} +{offset:x}");
            if (!unwinder.TryStep())
            {
                break;
            }
        }
    }

    [RuntimeImport("*", "haltpoint_halt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Fail();

    [RuntimeImport("*", "haltpoint_halt_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong FailAddress();

    [InlineArray(64)]
    private struct Message
    {
        private byte _first;
    }
}
