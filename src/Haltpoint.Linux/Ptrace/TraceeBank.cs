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

    /// <summary>Takes what the kernel has for what is held: it was programmed by somebody else.</summary>
    public void TakeOver()
    {
        for (int register = 0; register <= IDebugRegisterBank.Control; register++)
        {
            ulong word = 0;
            if (register is >= DebugControl.SlotCount and < IDebugRegisterBank.Control
                || Libc.Ptrace(PtraceRequest.PeekUser, tracee.Thread, Offset(register), &word) != 0)
            {
                continue;
            }

            if (register == IDebugRegisterBank.Control)
            {
                tracee.HeldDebugRegisters.Control = new DebugControl(word);
            }
            else
            {
                tracee.HeldDebugRegisters.SetAddress(register, word);
            }
        }
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
