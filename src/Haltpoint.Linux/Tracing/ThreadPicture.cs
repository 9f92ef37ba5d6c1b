using System;
using Haltpoint.Linux.Perf;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Registers;

namespace Haltpoint.Linux.Tracing;

/// <summary>Registers of a thread and the top of its stack, taken while it was held, to be unwound later.</summary>
internal sealed class ThreadPicture
{
    // The order of PerfRegister.
    private static readonly UserRegister[] s_order =
    [
        UserRegister.Rax, UserRegister.Rbx, UserRegister.Rcx, UserRegister.Rdx, UserRegister.Rsi, UserRegister.Rdi, UserRegister.Rbp, UserRegister.Rsp,
        UserRegister.Rip, UserRegister.Eflags, UserRegister.R8, UserRegister.R9, UserRegister.R10, UserRegister.R11, UserRegister.R12, UserRegister.R13,
        UserRegister.R14, UserRegister.R15,
    ];

    private readonly byte[] _stack;
    private readonly int _length;

    private ThreadPicture(in PerfRegisters registers, byte[] stack, int length)
    {
        Registers = registers;
        _stack = stack;
        _length = length;
    }

    public PerfRegisters Registers { get; }

    public ReadOnlySpan<byte> Stack => _stack.AsSpan(0, _length);

    /// <summary>On the ptrace thread. Null when the thread is gone.</summary>
    /// <param name="tracee">Held.</param>
    /// <param name="instruction">Of the access: the thread may be behind it already.</param>
    /// <param name="bytes">How much of the stack.</param>
    public static ThreadPicture? Take(Tracee tracee, ulong instruction, int bytes)
    {
        if (!tracee.Registers.TryReadGeneral(out ReadOnlySpan<ulong> words))
        {
            return null;
        }

        PerfRegisters registers = default;
        for (int i = 0; i < s_order.Length; i++)
        {
            registers[i] = words[(int)s_order[i]];
        }

        registers[(int)PerfRegister.Ip] = instruction;
        byte[] stack = new byte[bytes];
        return new ThreadPicture(registers, stack, tracee.Process.Space.Read(registers[PerfRegister.Sp], stack));
    }
}
