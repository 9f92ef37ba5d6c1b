using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Registers;

/// <summary>The registers of one traced thread: read from the kernel when first asked for, written back when the thread is to run.</summary>
/// <remarks>
/// On the ptrace thread only, while the traced thread is stopped. Two rules keep it true:
/// 1. <see cref="TryFlush"/> before the thread is resumed, or what was written here is lost;
/// 2. <see cref="Invalidate"/> when it is resumed, or the next stop shows the registers of the last one.
/// A thread can be killed while it is stopped, so every request may find it gone (ESRCH); that is a false result, no error.
/// </remarks>
public sealed unsafe partial class ThreadRegisters
{
    private const int GeneralCount = (int)UserRegister.Gs + 1;
    private const ulong UserCodeSegment32 = 0x23;
    private const ulong NoSystemCall = ulong.MaxValue;

    private readonly int _thread;
    private readonly ulong[] _general = GC.AllocateUninitializedArray<ulong>(GeneralCount, pinned: true);
    private ulong _programCounter;
    private RegisterParts _known;
    private RegisterParts _changed;

    public ThreadRegisters(int thread) => _thread = thread;

    public int Thread => _thread;

    /// <summary>0 when the thread is gone; a write to a gone thread is lost.</summary>
    public ulong ProgramCounter
    {
        get => TryGetProgramCounter(out ulong value) ? value : 0;
        set
        {
            if (Knows(RegisterParts.General))
            {
                _general[(int)UserRegister.Rip] = value;
            }

            _programCounter = value;
            _known |= RegisterParts.ProgramCounter;
            _changed |= RegisterParts.ProgramCounter;
        }
    }

    /// <summary>The program counter alone costs one small system call; the other registers are not read for it.</summary>
    public bool TryGetProgramCounter(out ulong value)
    {
        if (Knows(RegisterParts.General))
        {
            value = _general[(int)UserRegister.Rip];
            return true;
        }

        if (!Knows(RegisterParts.ProgramCounter))
        {
            ulong word = 0;
            if (Libc.Ptrace(PtraceRequest.PeekUser, _thread, UserOffset(UserRegister.Rip), &word) != 0)
            {
                value = 0;
                return false;
            }

            _programCounter = word;
            _known |= RegisterParts.ProgramCounter;
        }

        value = _programCounter;
        return true;
    }

    /// <summary>Moves the thread to other code. A system call it was interrupted in is not restarted.</summary>
    /// <remarks>
    /// When a thread stopped inside an interruptible system call resumes, the kernel steps the program counter back over the
    /// two-byte instruction to make the call again, unless orig_rax is negative: at another address that would run garbage.
    /// </remarks>
    public bool Redirect(ulong programCounter)
    {
        if (!TryWrite(UserRegister.OrigRax, NoSystemCall))
        {
            return false;
        }

        ProgramCounter = programCounter;
        return true;
    }

    /// <summary>Whether the thread executes 32-bit code now.</summary>
    public bool TryGetIs32Bit(out bool is32Bit)
    {
        bool read = TryRead(UserRegister.Cs, out ulong segment);
        is32Bit = segment == UserCodeSegment32;
        return read;
    }

    public bool TryRead(UserRegister register, out ulong value)
    {
        if (!TryFetchGeneral())
        {
            value = 0;
            return false;
        }

        value = _general[(int)register];
        return true;
    }

    public bool TryWrite(UserRegister register, ulong value)
    {
        if (!TryFetchGeneral())
        {
            return false;
        }

        _general[(int)register] = value;
        _changed |= RegisterParts.General;
        return true;
    }

    /// <summary>All words in the order of <see cref="UserRegister"/>; valid until the thread runs.</summary>
    public bool TryReadGeneral(out ReadOnlySpan<ulong> words)
    {
        bool fetched = TryFetchGeneral();
        words = fetched ? _general : default;
        return fetched;
    }

    /// <summary>Forgets everything: the thread has run. What was written and not flushed is lost.</summary>
    public void Invalidate()
    {
        _known = RegisterParts.None;
        _changed = RegisterParts.None;
    }

    /// <summary>Hands what was written to the kernel.</summary>
    /// <returns>False when the thread is gone, or when the kernel refused a value; the registers are then as the kernel has them.</returns>
    public bool TryFlush()
    {
        if (_changed == RegisterParts.None)
        {
            return true;
        }

        bool written = true;
        LastError = 0;
        if ((_changed & RegisterParts.General) != 0)
        {
            fixed (ulong* words = _general)
            {
                written = Succeeded(Libc.Ptrace(PtraceRequest.SetRegisters, _thread, 0, words));
            }
        }
        else if ((_changed & RegisterParts.ProgramCounter) != 0)
        {
            written = Succeeded(Libc.Ptrace(PtraceRequest.PokeUser, _thread, UserOffset(UserRegister.Rip), (void*)_programCounter));
        }

        if ((_changed & RegisterParts.Extended) != 0)
        {
            written &= TryFlushExtended();
        }

        // The kernel masks some bits of what it takes (eflags) and may have taken half of what it refused.
        if (!written || _changed != RegisterParts.ProgramCounter)
        {
            _known = RegisterParts.None;
        }

        _changed = RegisterParts.None;
        return written;
    }

    /// <summary>Raw error number of the last <see cref="TryFlush"/> that failed.</summary>
    internal int LastError { get; private set; }

    private static ulong UserOffset(UserRegister register) => (ulong)register * sizeof(ulong);

    private bool Succeeded(long result)
    {
        if (result != 0)
        {
            LastError = Marshal.GetLastPInvokeError();
        }

        return result == 0;
    }

    private bool Knows(RegisterParts part) => (_known & part) != 0;

    private bool TryFetchGeneral()
    {
        if (Knows(RegisterParts.General))
        {
            return true;
        }

        fixed (ulong* words = _general)
        {
            if (Libc.Ptrace(PtraceRequest.GetRegisters, _thread, 0, words) != 0)
            {
                return false;
            }
        }

        if ((_changed & RegisterParts.ProgramCounter) != 0)
        {
            _general[(int)UserRegister.Rip] = _programCounter;
        }

        _known |= RegisterParts.General;
        return true;
    }
}
