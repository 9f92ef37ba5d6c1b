using System;
using System.CommandLine;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Commands;

/// <summary>The command line of haltpoint, a verb for each file of this folder.</summary>
internal static class HaltpointCommand
{
    private const int BadCommandLine = 2;

    public static int Run(string[] arguments)
    {
        RootCommand root = Create();

        // A word that begins with '@' is a word: it may be an argument of the program to debug.
        ParseResult result = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            string verb = result.CommandResult.Command == root ? "" : result.CommandResult.Command.Name + " ";
            new ServerConsole().Print($"haltpoint: {FirstError(result)} Try 'haltpoint {verb}--help'.");
            return BadCommandLine;
        }

        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static RootCommand Create() =>
        new("A debug server for live Linux processes: gdb, LLDB and IDEs connect to it.")
        {
            WatchCommand.Create(),
            TraceCommand.Create(),
            SlotsCommand.Create(),
            RunCommand.Create(),
            AttachCommand.Create(),
            GdbserverCommand.Create(),
            DoctorCommand.Create(),
            DemoCommand.Create(),
            CompletionCommand.Create(),
        };

    /// <summary>One line: a word that nobody knows says more than what is missing for want of it.</summary>
    private static string FirstError(ParseResult result)
    {
        if (result.UnmatchedTokens.Count > 0)
        {
            return $"'{result.UnmatchedTokens[0]}' is no command, option or argument here.";
        }

        string message = result.Errors[0].Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal);
        return message.EndsWith('.') ? message : message + ".";
    }
}
