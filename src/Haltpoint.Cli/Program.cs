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
        catch (Exception exception)
        {
            // A fault of ours, too, is one line; whoever looks for it sets the variable.
            bool isTold = exception is ServingException;
            bool isTraced = Environment.GetEnvironmentVariable("HALTPOINT_TRACE") == "1";
            ServerConsole console = new();
            console.Print($"haltpoint: {exception.Message}{(isTold || isTraced ? "" : " (a fault of haltpoint: HALTPOINT_TRACE=1 shows where)")}");
            if (isTraced)
            {
                console.Print(exception.ToString());
            }

            return 1;
        }
    }
}
