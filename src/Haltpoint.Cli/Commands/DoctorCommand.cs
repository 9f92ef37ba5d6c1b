using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Haltpoint.Cli.Doctor;
using Haltpoint.Linux.Probing;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint doctor</c>: what this machine allows, and the line that mends what it doesn't.</summary>
internal static class DoctorCommand
{
    private const int NotAble = 1;

    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new("doctor", "Say what this machine allows, and how to get what is missing.") { json };
        command.SetAction(result =>
        {
            // Tracing first: finding the tools' versions starts the runtime's own waiting for children.
            Examination examination = Examination.Make();
            List<Finding> findings = [.. examination.Findings, .. DebuggerTools.Look()];
            if (result.GetValue(json))
            {
                DoctorJson.Write(Console.OpenStandardOutput(), examination, findings);
            }
            else
            {
                Print(examination, findings);
            }

            return examination.IsAble ? 0 : NotAble;
        });
        return command;
    }

    private static void Print(Examination examination, List<Finding> findings)
    {
        int width = findings.Max(finding => finding.Name.Length);
        foreach (Finding finding in findings)
        {
            Console.Out.WriteLine($"{Mark(finding.State)}  {finding.Name.PadRight(width)}  {finding.Text}");
            if (finding.Fix.Length > 0)
            {
                Console.Out.WriteLine($"{new string(' ', width + 9)}to mend it: {finding.Fix}");
            }
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(examination.IsAble
            ? "Programs can be debugged and watched on this machine."
            : "Programs can't be debugged or watched on this machine until the lines marked 'no' are mended.");
    }

    private static string Mark(FindingState state) => state switch
    {
        FindingState.Good => "ok  ",
        FindingState.Limited => "part",
        _ => "no  ",
    };
}
