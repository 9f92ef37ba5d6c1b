using System;
using Haltpoint.Cli.Commands;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            // gdbserver's command line is older than the conventions that the other verbs keep, and has a parser of its own.
            return arguments is ["gdbserver", .. string[] rest] ? GdbserverCommand.Run(rest) : HaltpointCommand.Run(arguments);
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("HALTPOINT_TRACE") != "1")
        {
            // A fault of ours too is one line; whoever looks for it sets the variable.
            new ServerConsole().Print($"haltpoint: {exception.Message}");
            return 1;
        }
    }
}
