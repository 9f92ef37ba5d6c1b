using System;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Tests.Tracees;
using Xunit;

namespace Haltpoint.Linux.Tests.Registers;

public class ThreadRegistersTests
{
    private static readonly UserRegister[] s_descriptionOrder =
    [
        UserRegister.Rax, UserRegister.Rbx, UserRegister.Rcx, UserRegister.Rdx, UserRegister.Rsi, UserRegister.Rdi, UserRegister.Rbp, UserRegister.Rsp,
        UserRegister.R8, UserRegister.R9, UserRegister.R10, UserRegister.R11, UserRegister.R12, UserRegister.R13, UserRegister.R14, UserRegister.R15,
    ];

    [Fact]
    public void Each_general_register_is_read_and_written_in_its_place()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        program.ContinueToTrap();
        ThreadRegisters registers = new(program.Id);

        for (int i = 0; i < s_descriptionOrder.Length; i++)
        {
            Assert.True(registers.TryRead(s_descriptionOrder[i], out ulong value));
            Assert.Equal((0x0102030405060708ul * (ulong)((i % 13) + 1)) + (ulong)i, value);
            Assert.True(registers.TryWrite(s_descriptionOrder[i], ~value));
        }

        Assert.True(registers.TryRead(UserRegister.Eflags, out ulong flags));
        Assert.True(registers.TryWrite(UserRegister.Eflags, flags | 1));
        Assert.True(registers.TryFlush());
        Assert.Equal(0, program.ContinueToExit());
    }

    [Fact]
    public void The_program_counter_moves_alone_and_with_the_other_registers()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        program.ContinueToTrap();
        ThreadRegisters registers = new(program.Id);
        Assert.True(registers.TryGetProgramCounter(out ulong afterTrap));

        registers.ProgramCounter = afterTrap - 1;
        Assert.True(registers.TryFlush());
        Assert.Equal(afterTrap - 1, new ThreadRegisters(program.Id).ProgramCounter);
        program.ContinueToTrap();
        registers.Invalidate();
        Assert.Equal(afterTrap, registers.ProgramCounter);

        registers.ProgramCounter = afterTrap - 1;
        Assert.True(registers.TryRead(UserRegister.Rip, out ulong seen));
        Assert.Equal(afterTrap - 1, seen);
        Assert.True(registers.TryWrite(UserRegister.Rax, 7));
        Assert.True(registers.TryFlush());
        ThreadRegisters fresh = new(program.Id);
        Assert.True(fresh.TryRead(UserRegister.Rax, out ulong rax));
        Assert.Equal((7ul, afterTrap - 1), (rax, fresh.ProgramCounter));
    }

    [Fact]
    public void A_thread_that_is_gone_has_no_registers_and_takes_none()
    {
        ThreadRegisters registers;
        using (SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general"))
        {
            registers = new ThreadRegisters(program.Id);
        }

        Assert.False(registers.TryGetProgramCounter(out _));
        Assert.False(registers.TryRead(UserRegister.Rax, out _));
        Assert.False(registers.TryReadExtended(out _));
        registers.ProgramCounter = 1;
        Assert.False(registers.TryFlush());
    }

    [Fact]
    public void The_extended_area_survives_a_round_trip()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        ThreadRegisters registers = new(program.Id);
        Assert.True(registers.TryReadExtended(out ReadOnlySpan<byte> before));
        byte[] copy = before.ToArray();
        Assert.True(registers.TryChangeExtended(out _));
        Assert.True(registers.TryFlush());
        Assert.True(registers.TryReadExtended(out ReadOnlySpan<byte> after));
        Assert.Equal(copy, after.ToArray());
    }

    [Fact]
    public void A_stop_costs_no_allocation()
    {
        using SelfTracedProgram program = new(TraceeBuilder.Build("registers"), "general");
        program.ContinueToTrap();
        ThreadRegisters registers = new(program.Id);
        ulong sum = Stop(registers);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sum += Stop(registers);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.NotEqual(0ul, sum);

        static ulong Stop(ThreadRegisters registers)
        {
            ulong counter = registers.ProgramCounter;
            registers.TryRead(UserRegister.Rsp, out ulong stack);
            registers.TryReadExtended(out ReadOnlySpan<byte> area);
            registers.TryWrite(UserRegister.Rsp, stack);
            registers.TryFlush();
            registers.Invalidate();
            return counter + stack + area[0];
        }
    }
}
