using System;
using System.Runtime.InteropServices;
using Haltpoint.Core.Tests.Breakpoints.Slots;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.DebugRegisters;

/// <summary>The debug registers of a stopped program, through ptrace on the running kernel.</summary>
internal sealed class TracedDebugRegisters : IDebugRegisterTask
{
    private const long PokeUser = 6;
    private const long PeekUser = 3;
    private const int DebugRegistersOffset = 848; // sys/user.h, u_debugreg
    private const int RaxOffset = 80;
    private const int InputOutputError = 5;
    private const int InvalidArgument = 22;
    private const int NoSpace = 28;

    private readonly SelfTracedProgram _program = new(TraceeBuilder.Build("watched"));
    private readonly System.Collections.Generic.List<BreakpointEvent> _held = [];

    /// <summary>Runs it to where it says the address of its variable.</summary>
    public ulong RunToStart()
    {
        _program.ContinueToTrap();
        return Peek(RaxOffset);
    }

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
