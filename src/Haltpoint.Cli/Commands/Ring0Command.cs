using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Haltpoint.Cli.Ring0;
using Haltpoint.Linux.Serving;
using static System.FormattableString;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint ring0</c>: the kernel with the debugger inside, in an emulator.</summary>
internal static class Ring0Command
{
    private const int MaxCpus = 64;
    private const int DefaultPort = 2345;

    private static readonly Option<int> s_cpus = Number("--cpus", "N", "Processors, 1 to 64.", 4, MaxCpus);
    private static readonly Option<int> s_port = Number("--gdb", "PORT", "The port on loopback where gdb reaches the kernel's debugger.", DefaultPort, ushort.MaxValue);
    private static readonly Option<bool> s_headless = new("--headless") { Description = "Only print the console, and take nothing typed." };

    public static Command Create() => new("ring0", "Run a kernel with the debugger inside, and debug it with stock gdb.") { CreateRun(), CreateGdb(), Ring0TraceCommand.Create() };

    private static Command CreateRun()
    {
        Command command = new("run", "Boot the kernel in QEMU with its console here.") { s_cpus, s_port, s_headless };
        command.SetAction(Run);
        return command;
    }

    private static Command CreateGdb()
    {
        Command command = new("gdb", "Start stock gdb with the kernel's symbols, attached to it; gdb's own options may follow.") { s_port };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(StartGdb);
        return command;
    }

    private static void Run(ParseResult result)
    {
        string image = KernelImage.Find();
        int port = result.GetValue(s_port);
        bool isHeadless = result.GetValue(s_headless);
        string address = Address(port);
        string accelerator = Emulator.ChooseAccelerator(image);
        ServerConsole console = new();
        console.Print($"to debug it: gdb '{image}' -ex 'target remote {address}'    (or: haltpoint ring0 gdb{(port == DefaultPort ? "" : Invariant($" --gdb {port}"))})");
        console.Print(isHeadless ? "to end it: Ctrl-C" : "to end it: Ctrl-A X; its shell has 'help'");

        // With the monitor on the same stream, Ctrl-C goes to the kernel's console.
        string[] streams = isHeadless ? ["-serial", "stdio", "-monitor", "none"] : ["-serial", "mon:stdio"];
        if (isHeadless)
        {
            ProgramInPlace.CloseInput();
        }

        ProgramInPlace.Become(
            Emulator.Program,
            [.. Emulator.Arguments(image, result.GetValue(s_cpus), accelerator), .. streams, "-serial", $"tcp:{address},server=on,wait=off,nodelay=on"]);
    }

    private static void StartGdb(ParseResult result)
    {
        string[] arguments = ["-q", "-iex", "set debuginfod enabled off", "-iex", "set tcp connect-timeout 3", "-iex", "set remotetimeout 20", "-iex", "set language c++", KernelImage.Find(), "-ex", $"target remote {Address(result.GetValue(s_port))}"];
        ProgramInPlace.Become("gdb", [.. arguments, .. result.UnmatchedTokens]);
    }

    private static string Address(int port) => Invariant($"127.0.0.1:{port}");

    private static Option<int> Number(string name, string helpName, string description, int byDefault, int most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            string word = result.Tokens.Single().Value;
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1 || number > most)
            {
                result.AddError($"'{word}' is no number from 1 to {most}.");
            }

            return number;
        },
    };
}
