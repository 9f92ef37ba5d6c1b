using System.Runtime.InteropServices;

namespace Haltpoint.Ring0.Interrupts;

/// <summary>All registers of what an interrupt or exception interrupted, where Entries.S put them. What is changed here is what goes on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct InterruptFrame
{
    public const int FxSaveSize = 512;

    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rbp;
    public ulong Rdi;
    public ulong Rsi;
    public ulong Rdx;
    public ulong Rcx;
    public ulong Rbx;
    public ulong Rax;
    public ulong Vector;
    public ulong ErrorCode;
    public ulong Rip;
    public ulong Cs;
    public ulong Rflags;
    public ulong Rsp;
    public ulong Ss;

    /// <summary>x87 and SSE state in the layout of FXSAVE64; it lies right below the frame.</summary>
    public static byte* FxState(InterruptFrame* frame) => (byte*)frame - FxSaveSize;
}
