using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Perf;

namespace Haltpoint.Linux.Symbols;

/// <summary>Finds the callers of a hit in the copy of the stack that the sample carries, by the call frame information of the files.</summary>
/// <remarks>
/// Frame pointers are not needed, and the process is not asked: it has long gone on. One caller at a time, and none while the modules
/// are refreshed.
/// </remarks>
internal sealed unsafe class StackUnwinder : IDisposable
{
    /// <summary>Frames at most; a deeper stack is cut.</summary>
    public const int MaxFrames = 128;

    // The order of DWARF on x86-64; the last is the instruction pointer.
    private static readonly PerfRegister[] s_order64 =
    [
        PerfRegister.Ax, PerfRegister.Dx, PerfRegister.Cx, PerfRegister.Bx, PerfRegister.Si, PerfRegister.Di, PerfRegister.Bp, PerfRegister.Sp,
        PerfRegister.R8, PerfRegister.R9, PerfRegister.R10, PerfRegister.R11, PerfRegister.R12, PerfRegister.R13, PerfRegister.R14,
        PerfRegister.R15, PerfRegister.Ip,
    ];

    // And on 32-bit x86.
    private static readonly PerfRegister[] s_order32 =
    [
        PerfRegister.Ax, PerfRegister.Cx, PerfRegister.Dx, PerfRegister.Bx, PerfRegister.Sp, PerfRegister.Bp, PerfRegister.Si, PerfRegister.Di,
        PerfRegister.Ip,
    ];

    private static readonly Libdw.ThreadCallbacks* s_callbacks = CreateCallbacks();

    private readonly ProcessModules _modules;
    private readonly State* _state;
    private bool _attached;

    public StackUnwinder(ProcessModules modules)
    {
        _modules = modules;
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
    }

    /// <summary>Unwinds.</summary>
    /// <param name="registers">At the hit.</param>
    /// <param name="is32Bit">Whether the thread runs 32-bit code.</param>
    /// <param name="stack">Memory from the stack pointer upwards.</param>
    /// <param name="addresses">
    /// Room for <see cref="MaxFrames"/>: the hit's address, and then one inside the call of each caller, which is the return address less one.
    /// </param>
    /// <returns>How many were found; at least one.</returns>
    public int Unwind(in PerfRegisters registers, bool is32Bit, ReadOnlySpan<byte> stack, Span<ulong> addresses)
    {
        addresses[0] = registers[PerfRegister.Ip];
        if (_modules.Session == null || !Attach())
        {
            return 1;
        }

        PerfRegister[] order = is32Bit ? s_order32 : s_order64;
        for (int i = 0; i < order.Length; i++)
        {
            _state->Registers[i] = registers[order[i]];
        }

        fixed (byte* bytes = stack)
        fixed (ulong* found = addresses)
        {
            _state->RegisterCount = order.Length;
            _state->Stack = bytes;
            _state->StackStart = registers[PerfRegister.Sp];
            _state->StackLength = stack.Length;
            _state->WordSize = is32Bit ? 4 : 8;
            _state->Found = found;
            _state->Room = int.Min(MaxFrames, addresses.Length);
            _state->Count = 0;
            _ = Libdw.Frames(_modules.Session, _modules.Process, &OnFrame, _state);
            _state->Stack = null;
        }

        return int.Max(1, _state->Count);
    }

    public void Dispose() => NativeMemory.Free(_state);

    private bool Attach()
    {
        _attached = _attached || Libdw.AttachState(_modules.Session, null, _modules.Process, s_callbacks, _state) != 0;
        return _attached;
    }

    private struct State
    {
        public fixed ulong Registers[17];
        public int RegisterCount;
        public byte* Stack;
        public ulong StackStart;
        public int StackLength;
        public int WordSize;
        public ulong* Found;
        public int Room;
        public int Count;
    }

    [UnmanagedCallersOnly]
    private static int NextThread(void* session, void* argument, void** thread) => 0;

    [UnmanagedCallersOnly]
    private static byte GetThread(void* session, int id, void* argument, void** thread)
    {
        *thread = argument;
        return 1;
    }

    [UnmanagedCallersOnly]
    private static byte ReadMemory(void* session, ulong address, ulong* result, void* argument)
    {
        State* state = (State*)argument;
        ulong offset = address - state->StackStart;
        if (offset > (ulong)state->StackLength || state->StackLength - (int)offset < state->WordSize)
        {
            return 0;
        }

        byte* word = state->Stack + offset;
        *result = state->WordSize == 8 ? Unsafe.ReadUnaligned<ulong>(word) : Unsafe.ReadUnaligned<uint>(word);
        return 1;
    }

    [UnmanagedCallersOnly]
    private static byte SetInitialRegisters(void* thread, void* argument)
    {
        State* state = (State*)argument;
        return Libdw.SetRegisters(thread, 0, (uint)state->RegisterCount, state->Registers);
    }

    [UnmanagedCallersOnly]
    private static int OnFrame(void* frame, void* argument)
    {
        State* state = (State*)argument;
        ulong address;
        byte isActivation;
        if (state->Count == state->Room || Libdw.FrameAddress(frame, &address, &isActivation) == 0 || address == 0)
        {
            return Libdw.CallbackAbort;
        }

        // The hit and a frame that a signal interrupted stand at an instruction, every other one behind a call.
        state->Found[state->Count++] = isActivation != 0 ? address : address - 1;
        return Libdw.CallbackOk;
    }

    private static Libdw.ThreadCallbacks* CreateCallbacks()
    {
        Libdw.ThreadCallbacks* callbacks = (Libdw.ThreadCallbacks*)NativeMemory.AllocZeroed((nuint)sizeof(Libdw.ThreadCallbacks));
        callbacks->NextThread = &NextThread;
        callbacks->GetThread = &GetThread;
        callbacks->ReadMemory = &ReadMemory;
        callbacks->SetInitialRegisters = &SetInitialRegisters;
        return callbacks;
    }
}
