using System;
using System.CommandLine;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint completion</c>: prints what a shell needs to complete haltpoint's command line.</summary>
internal static class CompletionCommand
{
    // Each asks the program itself with the [suggest] directive; where it knows nothing the shell offers files.
    private const string Bash = """
        _haltpoint() {
            local words
            words=$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o bashdefault -o default -F _haltpoint haltpoint
        """;

    private const string Zsh = """
        #compdef haltpoint
        _haltpoint() {
            local -a found
            found=(${(f)"$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)"})
            compadd -a found || _files
        }
        compdef _haltpoint haltpoint
        """;

    private const string Fish = """
        complete -c haltpoint -a '(haltpoint "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create()
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Print the completion script of a shell, e.g. source <(haltpoint completion bash).") { shell };
        command.SetAction(result => Console.Out.WriteLine(result.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
