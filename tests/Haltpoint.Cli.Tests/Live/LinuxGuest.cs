using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>Debian's kernel in QEMU, with Haltpoint in it (eng/linux-guest).</summary>
internal static class LinuxGuest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs a script in a guest that has Haltpoint at /haltpoint/haltpoint; skips the test where there can be none.</summary>
    /// <param name="script">For busybox's sh.</param>
    /// <param name="files">SOURCE:PLACE of more files.</param>
    /// <param name="emulator">Options of QEMU.</param>
    /// <param name="output">What the script wrote to /out.</param>
    /// <param name="console">What it printed.</param>
    /// <returns>The script's exit status.</returns>
    public static int Run(string script, IReadOnlyList<string> files, IReadOnlyList<string> emulator, out string output, out string console)
    {
        string guest = Paths.InRepository("eng/linux-guest");
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-system-x86_64"), "qemu-system-x86_64 is not installed");
        Assert.SkipUnless(Start(guest, ["--fetch"], out string reason) == 0, $"there is no kernel to boot: {reason}");
        string haltpoint = Paths.InRepository("artifacts/publish/self-contained");
        int published = Start(Paths.InRepository("eng/publish-self-contained"), [haltpoint], out reason);
        Assert.SkipWhen(reason.Contains("NU1101", StringComparison.Ordinal), "the package with the runtime cannot be had");
        Assert.True(published == 0, reason);

        string directory = Directory.CreateTempSubdirectory("haltpoint-guest-").FullName;
        try
        {
            string file = Path.Combine(directory, "script");
            string result = Path.Combine(directory, "out");
            File.WriteAllText(file, script);
            File.WriteAllText(result, "");
            List<string> arguments = ["--out", result, "--file", $"{haltpoint}:/haltpoint", "--file", "/usr/lib/x86_64-linux-gnu/libdw.so.1"];
            foreach (string more in files)
            {
                arguments.AddRange(["--file", more]);
            }

            int status = Start(guest, [.. arguments, file, "--", .. emulator], out console);
            output = File.ReadAllText(result);
            return status;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static int Start(string program, IReadOnlyList<string> arguments, out string output)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> all = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end");
        }

        output = (all.Result + errors.Result).Trim();
        return process.ExitCode;
    }
}
