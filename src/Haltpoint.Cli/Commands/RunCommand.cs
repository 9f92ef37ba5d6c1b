using System.CommandLine;

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
            using Server server = options.CreateServer(result);
            server.Launching.Arguments = Words.OwnLast(result.GetValue(program)!.Length);
            server.Launching.IsThroughShell = false;
            server.Launching.DisablesRandomization = !result.GetValue(randomize);
            return server.Launch();
        });
        return command;
    }
}
