using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Ring0;
using Haltpoint.Linux.Serving;
using static System.FormattableString;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint ring0 trace</c>: boots the kernel with a device, traces its driver at work, and ends.</summary>
internal static class Ring0TraceCommand
{
    private const int MaxCpus = 64;

    private static readonly Dictionary<string, string[]> s_devices = new()
    {
        ["hpet"] = [],
        ["edu"] = ["-device", "edu"],
        ["rng"] = ["-device", "virtio-rng-pci"],
        ["hammer"] = ["-device", "edu"],
        ["pages"] = [],
        ["cost"] = ["-device", "edu"],
    };

    private static readonly Option<string> s_device = new("--device")
    {
        Description = "What to trace: hpet, edu, rng (virtio); hammer, every CPU at one page; pages, mappings of unusual shapes; cost, what a traced read costs.",
        HelpName = "NAME",
        Required = true,
        CustomParser = result =>
        {
            string word = result.Tokens.Single().Value;
            if (!s_devices.ContainsKey(word))
            {
                result.AddError($"'{word}' is none of {string.Join(", ", s_devices.Keys)}.");
            }

            return word;
        },
    };

    private static readonly Option<string> s_output = new("-o", "--output") { Description = "Where the log goes.", HelpName = "FILE", Required = true };
    private static readonly Option<int> s_cpus = Number("--cpus", "Processors, 1 to 64.", 4, MaxCpus);
    private static readonly Option<int> s_rounds = Number("--rounds", "Rounds of the hammer.", 10, 1_000_000);

    public static Command Create()
    {
        Command command = new("trace", "Boot the kernel in QEMU with a device, trace its driver at work to a file, and end.") { s_device, s_output, s_cpus, s_rounds };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        string device = result.GetValue(s_device)!;
        string log = Path.GetFullPath(result.GetValue(s_output)!);
        string image = KernelImage.Find();
        CheckWritable(log);
        string words = Invariant($"exit-on-panic trace={device}{(device == "hammer" ? Invariant($",{result.GetValue(s_rounds)}") : "")}");
        ToolRun run = ToolRun.Run(
            Path.GetTempPath(),
            Emulator.Program,
            [
                .. Emulator.Arguments(image, result.GetValue(s_cpus), Emulator.ChooseAccelerator(image)), "-append", words, "-monitor", "none",
                "-serial", "stdio", "-serial", "null", "-serial", $"file:{log}", .. s_devices[device],
            ]);
        ServerConsole console = new();
        if (run.ExitCode == 0)
        {
            console.Print($"{Answer(run.Output)}; to read them: haltpoint mmio {result.GetValue(s_output)}");
            return 0;
        }

        console.Print($"haltpoint: the kernel did not end as it should (status {run.ExitCode}); it said:");
        console.Print(run.Output.TrimEnd() + run.Errors.TrimEnd());
        return 1;
    }

    // The emulator's own words for it are not everybody's.
    private static void CheckWritable(string log)
    {
        try
        {
            using FileStream file = File.Create(log);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ServingException(exception.Message);
        }
    }

    // What the kernel said last is the answer; what its log says has a time in front.
    private static string Answer(string text) =>
        string.Join("; ", text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '['));

    private static Option<int> Number(string name, string description, int byDefault, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
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
