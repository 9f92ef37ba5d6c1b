using System.Runtime.InteropServices;
using Haltpoint.Arch.X86;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Ptrace;

/// <summary>The debug registers of one traced thread, as the kernel virtualises them (sys/user.h, <c>u_debugreg</c>).</summary>
/// <remarks>On the ptrace thread, while the traced thread is stopped.</remarks>
internal readonly unsafe struct TraceeBank(Tracee tracee) : IDebugRegisterBank
{
    private const int StatusRegister = 6;
    private const ulong DebugRegistersOffset = 848;

    public DebugRegisterImage Held => tracee.HeldDebugRegisters;

    public bool TryWrite(int register, ulong value)
    {
        if (Libc.Ptrace(PtraceRequest.PokeUser, tracee.Thread, Offset(register), (void*)value) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            tracee.DebugRegisterError = error;
            return error == Errno.ESRCH;
        }

        if (register == IDebugRegisterBank.Control)
        {
            tracee.HeldDebugRegisters.Control = new DebugControl(value);
        }
        else
        {
            tracee.HeldDebugRegisters.SetAddress(register, value);
        }

        return true;
    }

    /// <summary>Why the last debug exception came, and clears it, so that the next stop does not show this one again.</summary>
    public DebugStatus TakeStatus()
    {
        ulong word = 0;
        if (Libc.Ptrace(PtraceRequest.PeekUser, tracee.Thread, Offset(StatusRegister), &word) != 0)
        {
            return new DebugStatus(DebugStatus.Reset);
        }

        DebugStatus status = new(word);
        if (status.HitSlots != 0)
        {
            Libc.Ptrace(PtraceRequest.PokeUser, tracee.Thread, Offset(StatusRegister), (void*)DebugStatus.Reset);
        }

        return status;
    }

    private static ulong Offset(int register) => DebugRegistersOffset + ((ulong)register * sizeof(ulong));
}
