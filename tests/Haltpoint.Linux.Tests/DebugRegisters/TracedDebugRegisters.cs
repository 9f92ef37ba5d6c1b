using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Core.Tests.Breakpoints.Slots;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.DebugRegisters;

/// <summary>The debug registers of a stopped program, through ptrace on the running kernel.</summary>
internal sealed class TracedDebugRegisters(string program = "watched") : IDebugRegisterTask
{
    private const long PokeUser = 6;
    private const long PeekUser = 3;
    private const int DebugRegistersOffset = 848; // sys/user.h, u_debugreg
    private const int InputOutputError = 5;
    private const int InvalidArgument = 22;
    private const int NoSpace = 28;

    private readonly SelfTracedProgram _program = new(TraceeBuilder.Build(program));
    private readonly List<BreakpointEvent> _held = [];

    /// <summary>sys/user.h, struct user_regs_struct: rbx, rax and rip by their places.</summary>
    public ulong Rbx
    {
        get => Peek(5 * 8);
        set => Poke(5 * 8, value);
    }

    public ulong Rax
    {
        get => Peek(10 * 8);
        set => Poke(10 * 8, value);
    }

    public ulong Rip => Peek(16 * 8);

    public void ContinueToTrap() => _program.ContinueToTrap();

    public string Write(int register, ulong value)
    {
        if (TestLibc.Ptrace(PokeUser, _program.Id, Offset(register), (nint)value) == 0)
        {
            return "ok";
        }

        return Marshal.GetLastPInvokeError() switch
        {
            InputOutputError => "EIO",
            InvalidArgument => "EINVAL",
            NoSpace => "ENOSPC",
            int error => $"errno {error}",
        };
    }

    public ulong Read(int register) => Peek(Offset(register));

    public void Hold(int slots)
    {
        for (int i = 0; i < slots; i++)
        {
            BreakpointEvent held = new(_program.Id, -1, 0x1000, 1);
            _held.Add(held);
            Assert.SkipWhen(held.IsRefused, "perf breakpoints are refused here");
            Assert.Equal(0, held.Error);
        }
    }

    public void Drop()
    {
        _held.ForEach(held => held.Dispose());
        _held.Clear();
    }

    public void Dispose()
    {
        Drop();
        _program.Dispose();
    }

    private void Poke(nint offset, ulong value) => Assert.Equal(0, TestLibc.Ptrace(PokeUser, _program.Id, offset, (nint)value));

    private ulong Peek(nint offset)
    {
        // The C library's wrapper returns the word; errno alone tells an error from a word of ones.
        Marshal.SetLastSystemError(0);
        ulong value = (ulong)TestLibc.Ptrace(PeekUser, _program.Id, offset, 0);
        Assert.Equal(0, value == ulong.MaxValue ? Marshal.GetLastPInvokeError() : 0);
        return value;
    }

    private static nint Offset(int register) => DebugRegistersOffset + (8 * register);
}
