using System;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>A program that asks to be traced and stops itself; the thread that started it is its tracer.</summary>
internal sealed class SelfTracedProgram : IDisposable
{
    private const int KillSignal = 9;
    private const int TrapSignal = 5;
    private const long ContinueRequest = 7;
    private bool _ended;

    public SelfTracedProgram(string program, params string[] arguments)
    {
        Id = Spawner.Start(program, arguments);
        TestLibc.Wait(Id, out int status, 0);
        _ended = (status & 0xFF) != 0x7F;
        ExitStatus = _ended ? status >> 8 & 0xFF : -1;
    }

    public int Id { get; }

    /// <summary>How it ended when it did so in place of stopping itself, -1 otherwise.</summary>
    public int ExitStatus { get; }

    /// <summary>Lets it run to its next int3.</summary>
    public void ContinueToTrap()
    {
        TestLibc.Ptrace(ContinueRequest, Id, 0, 0);
        TestLibc.Wait(Id, out int status, 0);
        if ((status & 0xFF) != 0x7F || status >> 8 != TrapSignal)
        {
            throw new InvalidOperationException($"the program did not trap; wait status 0x{status:x}");
        }
    }

    /// <summary>Lets it run to its end.</summary>
    /// <returns>Its exit status, or 128 and its signal.</returns>
    public int ContinueToExit()
    {
        TestLibc.Ptrace(ContinueRequest, Id, 0, 0);
        _ended = true;
        return Spawner.WaitForExit(Id);
    }

    public void Dispose()
    {
        if (!_ended)
        {
            _ = TestLibc.Kill(Id, KillSignal);
            Spawner.WaitForExit(Id);
        }
    }
}
