using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Starts a program as a direct child that is traced from before its first system call.</summary>
/// <remarks>
/// On the ptrace thread. The child first waits on a word of our memory, is seized there, and then goes on to execve. Hence no stop
/// of ours is left in its life, and it cannot get away. Its process group is its own, as gdbserver makes it, so that Ctrl-C on
/// a terminal goes to the program when it has the terminal, and to the server when not.
/// </remarks>
internal sealed unsafe class Spawn : IDisposable
{
    private const long FutexNumber = 202;
    private const long FutexWait = 0;
    private const long SetProcessGroupNumber = 109;
    private const long PersonalityNumber = 135;
    private const long ChangeDirectoryNumber = 80;
    private const long DuplicateNumber = 33;
    private const long ExecuteNumber = 59;
    private const ulong NoRandomization = 0x0040000;
    private const ulong AskPersonality = 0xFFFFFFFF;

    private readonly SpawnScript _script = new();
    private readonly uint* _gate;
    private readonly LaunchRequest _request;
    private int _nullFile = -1;

    public Spawn(LaunchRequest request)
    {
        _request = request;
        _gate = (uint*)_script.Allocate(sizeof(uint));
        ExecCount = 1 + (request.IsThroughShell ? 1 : 0) + (request.Wrapper.Count > 0 ? 1 : 0);
    }

    /// <summary>How many times it executes a program until the asked one is in place: the shell and the wrapper come first.</summary>
    public int ExecCount { get; }

    /// <summary>Starts the child and seizes it; it waits for <see cref="Release"/>.</summary>
    /// <returns>Its process id, or -1 with the error left for Marshal.GetLastPInvokeError.</returns>
    public int Start(TraceOptions options)
    {
        // A signal handler of the runtime must never run in the child.
        using BlockedSignals blocked = new();
        Compose(blocked.Before);
        int child = _script.Start();
        int error = Marshal.GetLastPInvokeError();
        if (child > 0)
        {
            if (!_request.KeepsProcessGroup)
            {
                Libc.SetProcessGroup(child, child);
            }

            if (Libc.Ptrace(TraceRequest.Seize, child, 0, (void*)(ulong)options) != 0)
            {
                error = Marshal.GetLastPInvokeError();
                Libc.Kill(child, SignalNumber.Kill);
                int status;
                Libc.Wait4(child, &status, 0, null);
                child = -1;
            }
        }

        Marshal.SetLastPInvokeError(error);
        return child;
    }

    public void Release()
    {
        *_gate = 1;
        Libc.FutexWake(_gate);
    }

    /// <summary>Why the child ended before it was the program, where it was the kernel that said no.</summary>
    public string? Failure()
    {
        if (!_script.TryGetFailure(out long number, out int error))
        {
            return null;
        }

        string what = number == ChangeDirectoryNumber
            ? $"cannot change to directory {Encoding.UTF8.GetString(_request.WorkingDirectory)}"
            : $"cannot exec {Encoding.UTF8.GetString(_request.Arguments[0])}";
        return $"{what}: {Marshal.GetPInvokeErrorMessage(error)}";
    }

    public void Dispose()
    {
        _script.Dispose();
        if (_nullFile >= 0)
        {
            Libc.Close(_nullFile);
        }
    }

    private void Compose(ulong signalMask)
    {
        _script.Add(FutexNumber, (long)_gate, FutexWait, 0, 0, mayFail: true);
        if (!_request.KeepsProcessGroup)
        {
            _script.Add(SetProcessGroupNumber, mayFail: true);
        }

        if (_request.DisablesRandomization)
        {
            // Denied in some containers; the program then runs with its addresses where they fall, as under gdbserver.
            ulong persona = (ulong)(uint)Libc.Personality(AskPersonality);
            _script.Add(PersonalityNumber, (long)(persona | NoRandomization), mayFail: true);
        }

        RedirectStreams();
        if (_request.WorkingDirectory.Length > 0)
        {
            _script.Add(ChangeDirectoryNumber, (long)_script.Text(_request.WorkingDirectory));
        }

        _script.ResetSignals(signalMask);
        byte** environment = _script.Texts(_request.Environment);
        List<byte[]> command = Command();
        byte* program = _script.Text(ProgramSearch.Resolve(command[0], _request.Environment));
        _script.Add(ExecuteNumber, (long)program, (long)_script.Texts(command), (long)environment);
    }

    private List<byte[]> Command()
    {
        List<byte[]> command = [.. _request.Wrapper, .. _request.Arguments];
        command[_request.Wrapper.Count] = ProgramSearch.InDirectory(_request.Arguments[0]);
        if (!_request.IsThroughShell)
        {
            return command;
        }

        byte[] shell = ProgramSearch.Variable(_request.Environment, "SHELL"u8) is { Length: > 0 } chosen ? chosen : "/bin/sh"u8.ToArray();
        return [shell, "-c"u8.ToArray(), ShellQuote.ExecLine(command)];
    }

    private void RedirectStreams()
    {
        if (!_request.SparesStandardStreams)
        {
            return;
        }

        fixed (byte* path = "/dev/null\0"u8)
        {
            _nullFile = Libc.Open(path, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0);
        }

        _script.Add(DuplicateNumber, _nullFile, 0);
        _script.Add(DuplicateNumber, 2, 1);
    }
}
