using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Tasks;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli;

/// <summary>Runs a program of the system to its end. Only where this process traces nothing: the runtime then waits for children.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public static ToolRun Run(string directory, string tool, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new ToolRun(process.ExitCode, output, errors.Result);
        }
        catch (Win32Exception)
        {
            throw new ServingException($"{tool} is not installed: apt-get install {tool}");
        }
    }
}
