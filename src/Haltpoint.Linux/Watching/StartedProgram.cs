using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>A program of ours, held before its first instruction until a watch is armed.</summary>
/// <remarks>Every method on the thread that made it: it traces the program until <see cref="LetGo"/>.</remarks>
internal sealed unsafe class StartedProgram : IDisposable
{
    private const long PeekUser = 3;
    private const long PokeUser = 6;

    // offsetof(struct user, u_debugreg) and of regs.rip on x86-64 (sys/user.h).
    private const ulong DebugRegisters = 848;
    private const ulong InstructionPointer = 128;
    private const int ControlRegister = 7;

    // Executions at DR0 and DR1 (SDM vol. 3, 18.2.4).
    private const ulong ArmBoth = 0b101;

    private readonly ProcessModules _modules;
    private bool _isHeld = true;

    private StartedProgram(int id)
    {
        Id = id;
        _modules = new ProcessModules(id);
    }

    public int Id { get; }

    public ProcessModules Modules => _modules;

    /// <exception cref="WatchException">It cannot be started.</exception>
    public static StartedProgram Start(IReadOnlyList<byte[]> command)
    {
        LaunchSettings settings = new() { Arguments = command, IsThroughShell = false, DisablesRandomization = false, KeepsProcessGroup = true };
        using Spawn spawn = new(settings.ToRequest());
        int child = spawn.Start(TraceOptions.Exec | TraceOptions.ExitKill);
        if (child < 0)
        {
            throw new WatchException($"cannot start a program: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        spawn.Release();
        WaitStatus status = Wait(child);
        if (!status.IsStopped || status.Event != TraceEvent.Exec)
        {
            throw new WatchException(spawn.Failure() ?? "the program ended before it began");
        }

        return new StartedProgram(child);
    }

    /// <summary>Finds a WHAT, which may be in a library: then the program is led to where the dynamic linker has mapped it and runs none of its code yet.</summary>
    /// <exception cref="WatchException">There is no such thing.</exception>
    public WatchLocation Find(string what, WatchOptions options)
    {
        WatchException first;
        try
        {
            return WatchLocation.Find(_modules, what, options);
        }
        catch (WatchException e)
        {
            first = e;
        }

        // In the program itself it would have been found by now; a static program has no linker to be led by.
        LocationText rendezvous = WatchLocation.Parse("_dl_debug_state");
        FoundSymbol? mapped = new SymbolFinder(_modules).Find(rendezvous, wantsCode: true, out _);
        while (mapped is not null && RunTo(mapped.Address, EntryPoint.Of(Id)))
        {
            _modules.Refresh();
            try
            {
                return WatchLocation.Find(_modules, what, options);
            }
            catch (WatchException e)
            {
                first = e;
            }
        }

        throw first;
    }

    /// <summary>Lets it run; it is nobody's tracee from here on.</summary>
    public void LetGo()
    {
        _isHeld = false;
        _ = Libc.Ptrace(TraceRequest.Detach, Id, 0, null);
    }

    /// <summary>Ends it if it was not let go.</summary>
    public void Dispose()
    {
        _modules.Dispose();
        if (_isHeld)
        {
            _ = Libc.Kill(Id, SignalNumber.Kill);
            _ = Wait(Id);
        }
    }

    /// <returns>False when it came to <paramref name="end"/> or ended instead.</returns>
    private bool RunTo(ulong address, ulong end)
    {
        SetDebugRegister(0, address);
        SetDebugRegister(1, end);
        SetDebugRegister(ControlRegister, ArmBoth);
        nint signal = 0;
        while (true)
        {
            _ = Libc.Ptrace(TraceRequest.Continue, Id, 0, (void*)signal);
            WaitStatus status = Wait(Id);
            if (!status.IsStopped)
            {
                _isHeld = false;
                return false;
            }

            if (status.StopSignal == SignalNumber.Trap)
            {
                SetDebugRegister(ControlRegister, 0);
                ulong stopped;
                _ = Libc.Ptrace(PeekUser, Id, InstructionPointer, &stopped);
                return stopped == address;
            }

            signal = status.StopSignal;
        }
    }

    private void SetDebugRegister(int number, ulong value) =>
        _ = Libc.Ptrace(PokeUser, Id, DebugRegisters + (8 * (ulong)number), (void*)value);

    private static WaitStatus Wait(int child)
    {
        int status;
        while (Libc.Wait4(child, &status, Libc.WaitOwnTracees, null) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
        }

        return new WaitStatus(status);
    }
}
