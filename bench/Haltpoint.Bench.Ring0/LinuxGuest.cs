using System;
using System.Diagnostics;
using System.IO;

namespace Haltpoint.Bench.Ring0;

/// <summary>Debian's kernel in the same emulator (eng/linux-guest), and bench/linux-figures.c in it.</summary>
internal static class LinuxGuest
{
    /// <returns>What the program printed, or why it did not run.</returns>
    public static string Run(int cpus)
    {
        string top = FindTop();
        DirectoryInfo work = Directory.CreateTempSubdirectory("haltpoint-bench-");
        try
        {
            string program = Path.Combine(work.FullName, "figures");
            string script = Path.Combine(work.FullName, "script");
            File.WriteAllText(script, "#!/bin/sh\n/figures\n");
            string compiled = RunProgram("gcc", "-O2", "-static", "-pthread", Path.Combine(top, "bench/linux-figures.c"), "-o", program);
            return File.Exists(program)
                ? RunProgram(Path.Combine(top, "eng/linux-guest"), "--file", $"{program}:/figures", script, "--", "-smp", $"{cpus}")
                : compiled;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string RunProgram(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }

    private static string FindTop()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Haltpoint.slnx")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException("Haltpoint.slnx");
    }
}
