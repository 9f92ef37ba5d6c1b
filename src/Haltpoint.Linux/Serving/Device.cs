using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>A client at the other end of a terminal, serial line or named pipe.</summary>
internal sealed unsafe class Device(string path) : Listener
{
    public override void Announce(ServerConsole console)
    {
        // Said when it is open, as gdbserver does.
    }

    public override Connection Accept(ServerConsole console)
    {
        int file;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            file = FileKinds.Of(path) is FileKind.CharacterDevice or FileKind.Pipe
                ? Libc.Open(name, Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0)
                : throw new ServingException($"Could not open remote device: {SystemError.Text(Errno.EINVAL)}.");
        }

        if (file < 0)
        {
            throw new ServingException($"Could not open remote device: {SystemError.Last()}.");
        }

        MakeRaw(file);
        console.ConnectedThrough(path);
        return new Connection(file, file, isSocket: false);
    }

    /// <summary>A line must pass every byte as it is. What is no terminal refuses, and needs nothing.</summary>
    private static void MakeRaw(int file)
    {
        Libc.TerminalSettings settings;
        if (Libc.GetTerminal(file, &settings) == 0)
        {
            Libc.MakeRaw(&settings);
            Libc.SetTerminal(file, Libc.SetNow, &settings);
        }
    }
}
