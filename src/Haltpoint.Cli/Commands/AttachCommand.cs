using System.CommandLine;
using System.Globalization;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint attach</c>: serves a process that runs already.</summary>
internal static class AttachCommand
{
    public static Command Create()
    {
        ServerOptions options = new();
        Argument<int> process = new("PID")
        {
            Description = "The process.",
            CustomParser = result =>
            {
                string word = result.Tokens[0].Value;
                if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0)
                {
                    result.AddError($"'{word}' is no process id: use a number above 0.");
                }

                return number;
            },
        };
        Command command = new("attach", "Stop a running process and wait for a debugger; it runs on when the debugger detaches.") { process };
        options.AddTo(command);
        command.SetAction(result =>
        {
            using Server server = options.CreateServer(result);
            return server.Attach(result.GetValue(process));
        });
        return command;
    }
}
