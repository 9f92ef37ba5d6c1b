using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>The registers with which a relocated instruction runs, and afterwards those it left. InstructionRun.S knows the layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RunState
{
    /// <summary>Carry to overflow, and direction; none that would change how the handler itself runs.</summary>
    public const ulong VisibleFlags = 0xCD5;

    private const ulong FixedFlag = 2;

    /// <summary>By the number that instructions give them; RSP is not loaded.</summary>
    public fixed ulong Registers[16];

    public ulong Flags;
    public byte* Code;

    /// <summary>An area of FXSAVE64, when the instruction uses it.</summary>
    public byte* Vectors;

    public void Take(InterruptFrame* frame)
    {
        Registers[0] = frame->Rax;
        Registers[1] = frame->Rcx;
        Registers[2] = frame->Rdx;
        Registers[3] = frame->Rbx;
        Registers[4] = frame->Rsp;
        Registers[5] = frame->Rbp;
        Registers[6] = frame->Rsi;
        Registers[7] = frame->Rdi;
        Registers[8] = frame->R8;
        Registers[9] = frame->R9;
        Registers[10] = frame->R10;
        Registers[11] = frame->R11;
        Registers[12] = frame->R12;
        Registers[13] = frame->R13;
        Registers[14] = frame->R14;
        Registers[15] = frame->R15;
        Flags = (frame->Rflags & VisibleFlags) | FixedFlag;
    }

    public readonly void Give(InterruptFrame* frame)
    {
        frame->Rax = Registers[0];
        frame->Rcx = Registers[1];
        frame->Rdx = Registers[2];
        frame->Rbx = Registers[3];
        frame->Rsp = Registers[4];
        frame->Rbp = Registers[5];
        frame->Rsi = Registers[6];
        frame->Rdi = Registers[7];
        frame->R8 = Registers[8];
        frame->R9 = Registers[9];
        frame->R10 = Registers[10];
        frame->R11 = Registers[11];
        frame->R12 = Registers[12];
        frame->R13 = Registers[13];
        frame->R14 = Registers[14];
        frame->R15 = Registers[15];
        frame->Rflags = (frame->Rflags & ~VisibleFlags) | (Flags & VisibleFlags);
    }

    [RuntimeImport("*", "trace_run_instruction")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern void Run(RunState* state);
}
