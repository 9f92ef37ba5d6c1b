using System;
using System.Globalization;
using System.IO;
using Haltpoint.Cli.Commands;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli;

internal static class Program
{
    private const string GuardianVerb = "guard-targets-of-server";

    private static int Main(string[] arguments)
    {
        try
        {
            // Only the server itself says this.
            if (arguments is [GuardianVerb, string file])
            {
                return GuardianRun.Run(int.Parse(file, CultureInfo.InvariantCulture));
            }

            PtraceSession.GuardianCommand = GuardianCommand();
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
    // Run by "dotnet", the program to start is that, and its first argument ours.
    private static string[] GuardianCommand() =>
        Environment.ProcessPath is not { } path ? []
        : Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Environment.GetCommandLineArgs()[0], GuardianVerb]
        : [path, GuardianVerb];
}
