using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Ptrace;

/// <summary>Hands the terminal to a started program, as gdbserver does, and takes it back.</summary>
/// <remarks>
/// The program has a process group of its own and would be stopped when it reads the terminal from the background. A server that
/// is itself in the background leaves the terminal to whoever has it.
/// </remarks>
internal sealed class TerminalOwner
{
    private const int Terminal = 2;

    private int _before;

    public void GiveTo(int group)
    {
        int now = Libc.GetTerminalGroup(Terminal);
        int own = Libc.GetProcessGroup();
        if (now > 0 && (now == own || _before != 0))
        {
            _before = own;
            Set(group);
        }
    }

    public void Restore()
    {
        if (_before != 0)
        {
            Set(_before);
            _before = 0;
        }
    }

    // A process in the background that does this is stopped by SIGTTOU unless it blocks or ignores that.
    private static void Set(int group)
    {
        using BlockedSignals blocked = new();
        Libc.SetTerminalGroup(Terminal, group);
    }
}
