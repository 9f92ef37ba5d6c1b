using System;
using System.IO;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Registers;
using Haltpoint.Linux.Tests.Tracees;
using Microsoft.Win32.SafeHandles;

namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>A process of tests/Tracees/executor.c; every call comes from the thread that made it.</summary>
internal sealed unsafe class Executor : IDisposable
{
    private const long ContinueRequest = 7;
    private const long StepRequest = 9;
    private const long PeekUser = 3;
    private const long GetRegisters = 12;
    private const long SetRegisters = 13;
    private const long GetSignalInfo = 0x4202;
    private const long GetRegisterSet = 0x4204;
    private const long SetRegisterSet = 0x4205;
    private const nint ExtendedSet = 0x202;
    private const int SignalInfoLength = 128;
    private const int CodeOffset = 8;
    private const int AddressOffset = 16;

    private readonly SelfTracedProgram _program;
    private readonly SafeFileHandle _memory;
    private readonly ulong _data;

    /// <summary>Starts one.</summary>
    /// <param name="data">Where its data pages can be accessed.</param>
    /// <param name="arguments">For the program.</param>
    public Executor(ulong data, params string[] arguments)
    {
        _data = data;
        _program = new SelfTracedProgram(TraceeBuilder.Build("executor"), arguments);
        if (_program.ExitStatus >= 0)
        {
            throw new InvalidOperationException($"the executor ended with {_program.ExitStatus}");
        }

        _memory = File.OpenHandle($"/proc/{_program.Id}/mem", FileMode.Open, FileAccess.ReadWrite);
    }

    /// <summary>Registers as they are now, with empty data pages.</summary>
    public MachineState Read()
    {
        ulong[] words = new ulong[(int)UserRegister.Gs + 1];
        byte[] area = new byte[16 * 1024];
        byte[] data = new byte[ExecutorLayout.DataLength];
        fixed (ulong* registers = words)
        fixed (byte* start = area)
        {
            Vector vector = new() { Start = start, Length = (nuint)area.Length };
            Check(TestLibc.Ptrace(GetRegisters, _program.Id, 0, (nint)registers));
            Check(TestLibc.Ptrace(GetRegisterSet, _program.Id, ExtendedSet, (nint)(&vector)));
            Array.Resize(ref area, (int)vector.Length);
        }

        RandomAccess.Read(_memory, data, (long)_data);
        return new MachineState(words, area, data);
    }

    public void WriteData(ulong address, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_memory, bytes, (long)address);

    public void Write(MachineState state)
    {
        WriteData(_data, state.Data);
        fixed (ulong* registers = state.Words)
        fixed (byte* start = state.Area)
        {
            Vector vector = new() { Start = start, Length = (nuint)state.Area.Length };
            Check(TestLibc.Ptrace(SetRegisterSet, _program.Id, ExtendedSet, (nint)(&vector)));
            Check(TestLibc.Ptrace(SetRegisters, _program.Id, 0, (nint)registers));
        }
    }

    /// <summary>Executes one instruction, or with <paramref name="freely"/> up to a trap that follows it.</summary>
    public StepEnd Step(bool freely)
    {
        ulong before = InstructionPointer();
        Check(TestLibc.Ptrace(freely ? ContinueRequest : StepRequest, _program.Id, 0, 0));
        TestLibc.Wait(_program.Id, out int status, 0);
        if ((status & 0xFF) != 0x7F)
        {
            throw new InvalidOperationException($"the executor died, wait status 0x{status:x}");
        }

        byte* info = stackalloc byte[SignalInfoLength];
        Check(TestLibc.Ptrace(GetSignalInfo, _program.Id, 0, (nint)info));
        ulong after = InstructionPointer();
        return new StepEnd(status >> 8 & 0xFF, *(int*)(info + CodeOffset), *(ulong*)(info + AddressOffset), after != before);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _program.Dispose();
    }

    private ulong InstructionPointer() => (ulong)TestLibc.Ptrace(PeekUser, _program.Id, (nint)UserRegister.Rip * sizeof(ulong), 0);

    private static void Check(long result)
    {
        if (result < 0)
        {
            throw new InvalidOperationException($"ptrace fails with errno {Marshal.GetLastPInvokeError()}");
        }
    }

    private struct Vector
    {
        public byte* Start;
        public nuint Length;
    }
}
