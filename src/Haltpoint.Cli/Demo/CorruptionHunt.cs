using System;
using System.Collections.Generic;
using System.IO;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Demo;

/// <summary>Builds the demo's program, has gdb watch a record in it through our own server, and tells what gdb found.</summary>
internal static class CorruptionHunt
{
    private const string Source = "records.c";
    private const string Watched = "records[2].owner";

    public static int Run(TextWriter output)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("haltpoint-demo-");
        try
        {
            string program = Build(directory.FullName);
            output.WriteLine($"{Source}: four threads, each with a record of its own. Somebody overwrites {Watched}.");
            output.WriteLine($"gdb watches it through 'haltpoint gdbserver', with a hardware watchpoint:");
            output.WriteLine();
            ToolRun session = Watch(directory.FullName, program);
            Show(output, session.Output);
            if (!CorruptionReport.TryRead(session.Output, out CorruptionReport? report))
            {
                Show(output, session.Errors);
                throw new ServingException("the gdb session above doesn't show who wrote; run 'haltpoint doctor' to see whether this machine has working debug registers");
            }

            report!.Print(output, Watched);
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Build(string directory)
    {
        using (Stream from = typeof(CorruptionHunt).Assembly.GetManifestResourceStream(Source)!)
        using (FileStream to = File.Create(Path.Combine(directory, Source)))
        {
            from.CopyTo(to);
        }

        ToolRun run = ToolRun.Run(directory, "gcc", ["-g", "-pthread", "-o", "records", Source]);
        return run.ExitCode == 0
            ? Path.Combine(directory, "records")
            : throw new ServingException($"gcc could not build the demo's program: {run.Output}{run.Errors}");
    }

    private static void Show(TextWriter output, string text)
    {
        foreach (string line in text.Trim().Split('\n'))
        {
            output.WriteLine($"  | {line}");
        }
    }

    private static ToolRun Watch(string directory, string program)
    {
        List<string> arguments = ["-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set sysroot /"];
        string[] commands =
        [
            "set pagination off",
            "set print thread-events off",
            "set confirm off",
            $"target remote | '{Environment.ProcessPath}' gdbserver --once stdio '{program}'",
            "tbreak records_are_ready",
            "continue",
            $"watch {Watched}",
            "continue",

            // The processor stops after the instruction that wrote, which may be on the next line already.
            "info symbol $pc - 1",
            "info line *($pc - 1)",
            "thread",
            "backtrace",
            "kill",
        ];
        foreach (string command in commands)
        {
            arguments.AddRange(["-ex", command]);
        }

        arguments.Add(program);
        return ToolRun.Run(directory, "gdb", arguments);
    }
}
