using System.CommandLine;
using System.CommandLine.Parsing;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint run</c>: starts a program under a server.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        ServerOptions options = new();
        Argument<string[]> program = new("PROGRAM")
        {
            Description = "The program and its arguments, after '--'.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> randomize = new("--randomize") { Description = "Keep address space randomization on for the program." };
        Command command = new("run", "Start a program stopped at its first instruction and wait for a debugger.") { program, randomize };
        options.AddTo(command);
        command.SetAction(result =>
        {
            int count = result.GetValue(program)!.Length;
            RequireDashes(result, count);
            using Server server = options.CreateServer(result);
            server.Launching.Arguments = Words.OwnLast(count);
            server.Launching.IsThroughShell = false;
            server.Launching.DisablesRandomization = !result.GetValue(randomize);
            return server.Launch();
        });
        return command;
    }

    /// <summary>Without them an option meant for the program, or one of ours that was mistyped, would be taken for the other's.</summary>
    private static void RequireDashes(ParseResult result, int programWords)
    {
        for (int i = 0; i < result.Tokens.Count; i++)
        {
            if (result.Tokens[i].Type == TokenType.DoubleDash && result.Tokens.Count - i - 1 == programWords)
            {
                return;
            }
        }

        throw new ServingException($"'{result.GetValue<string[]>("PROGRAM")![0]}' stands before the program: write haltpoint run [OPTIONS] -- PROGRAM [ARGS]");
    }
}
