using System;
using System.CommandLine;
using System.CommandLine.Parsing;
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
            string verb = "";
            for (CommandResult? command = result.CommandResult; command is not null && command.Command != root; command = command.Parent as CommandResult)
            {
                verb = $"{command.Command.Name} {verb}";
            }

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
            Ring0Command.Create(),
            MmioCommand.Create(),
            DoctorCommand.Create(),
            DemoCommand.Create(),
            CompletionCommand.Create(),
        };

    private static OptionResult? OptionOf(ParseError error)
    {
        SymbolResult? place = error.SymbolResult;
        while (place is not null and not OptionResult)
        {
            place = place.Parent;
        }

        return place as OptionResult;
    }

    /// <summary>One line: a word that nobody knows says more than what is missing for want of it.</summary>
    private static string FirstError(ParseResult result)
    {
        if (result.UnmatchedTokens.Count > 0)
        {
            return $"'{result.UnmatchedTokens[0]}' is no command, option or argument here.";
        }

        // The parser's own line names the type in .NET's words.
        ParseError error = result.Errors[0];
        if (OptionOf(error) is { Option.HelpName: { } expected, Tokens: [{ } word] } option && error.Message.Contains(" expected type ", StringComparison.Ordinal))
        {
            return $"{option.Option.Name} {word.Value}: {expected} is expected.";
        }

        string message = error.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal);
        return message.EndsWith('.') ? message : message + ".";
    }
}
