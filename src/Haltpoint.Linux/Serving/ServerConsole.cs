using System;
using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>The lines a server prints on standard error.</summary>
/// <remarks>
/// IDEs and scripts read them, so the words are gdbserver's. Each line is one write, so that lines of the program in between stay whole.
/// </remarks>
public sealed class ServerConsole
{
    /// <summary>Set where standard error is gdb's own terminal, which already says how the program ended.</summary>
    public bool HidesProgramEnd { get; set; }

    public void StreamsRedirected() => Print("stdin/stdout redirected");

    public void ProcessCreated(byte[] program, int process) => Print($"Process {Encoding.UTF8.GetString(program)} created; pid = {process}");

    public void Attached(int process) => Print($"Attached; pid = {process}");

    public void Listening(int port) => Print($"Listening on port {port}");

    public void ListeningOnSocket(string path) => Print($"Listening on {path}");

    public void Connected(string host, string port) => Print($"Remote debugging from host {host}, port {port}");

    public void ConnectedThrough(string name) => Print($"Remote debugging using {name}");

    public void ConnectionLost() => Print("Remote side has terminated connection.  GDBserver will reopen the connection.");

    public void Detaching(int process) => Print($"Detaching from process {process}");

    public void KillingAll() => Print("Killing all inferiors");

    public void ProgramExited(int status)
    {
        if (!HidesProgramEnd)
        {
            Print($"\nChild exited with status {status}");
        }
    }

    public void ProgramKilled(int signal)
    {
        if (!HidesProgramEnd)
        {
            Print($"\nChild terminated with signal = 0x{signal:x} ({SignalName.Of(signal)})");
        }
    }

    public void Killing(string processes) => Print($"Killing process(es): {processes}");

    public void DetachingAll(string processes) => Print($"Detaching process(es): {processes}");

    /// <summary>One line, or several, to standard error.</summary>
    public void Print(string text) => Print(Encoding.UTF8.GetBytes(text + "\n"));

    /// <summary>What a breakpoint's commands print, as it is.</summary>
    public unsafe void Print(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written = 0;
            while (written < bytes.Length)
            {
                nint more = Libc.Write(StandardError, start + written, (nuint)(bytes.Length - written));
                if (more < 0)
                {
                    // Nobody reads standard error; the debugging goes on.
                    return;
                }

                written += more;
            }
        }
    }

    private const int StandardError = 2;
}
