using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>A client at the other end of standard input and output (<c>target remote | haltpoint gdbserver - PROG</c>).</summary>
internal sealed class StandardStreams : Listener
{
    private const int Input = 0;
    private const int Output = 1;

    public override bool CanReopen => false;

    public override bool TakesStandardStreams => true;

    public override void Announce(ServerConsole console)
    {
        console.HidesProgramEnd = true;
        console.ConnectedThrough("stdio");
    }

    public override Connection Accept(ServerConsole console)
    {
        // Copies: closing a connection must not leave the numbers 0 and 1 to the next file that is opened.
        int input = Libc.FileControl(Input, Libc.DuplicateCloseOnExec, Output + 2);
        int output = Libc.FileControl(Output, Libc.DuplicateCloseOnExec, Output + 2);
        return input >= 0 && output >= 0
            ? new Connection(input, output, isSocket: false)
            : throw new ServingException($"Could not open remote device: {SystemError.Last()}.");
    }
}
