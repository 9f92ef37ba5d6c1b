using System;
using System.CommandLine;
using System.IO;
using Haltpoint.Cli.Mmio;
using Haltpoint.Linux.Serving;
using static System.FormattableString;

namespace Haltpoint.Cli.Commands;

/// <summary><c>haltpoint mmio</c>: reads logs of device registers, this kernel's and Linux's mmiotrace.</summary>
internal static class MmioCommand
{
    private const int HasProblems = 1;

    private static readonly Argument<string> s_log = new("FILE") { Description = "The log; '-' for standard input." };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print the summary as one JSON object." };
    private static readonly Option<string?> s_report = new("--report") { Description = "Also make a page with a heat map of the registers over time.", HelpName = "FILE.html" };

    public static Command Create()
    {
        Command command = new("mmio", "Check and summarise a log of accesses to device registers (mmiotrace).") { s_log, s_json, s_report };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult result)
    {
        string name = result.GetValue(s_log)!;
        string? reportName = result.GetValue(s_report);
        try
        {
            using Stream log = name == "-" ? Console.OpenStandardInput() : File.OpenRead(name);
            using Stream? page = reportName is null ? null : File.Create(reportName);
            MmioReport? report = page is null ? null : new MmioReport(page, name);
            MmioSummary summary = new() { Seen = report is null ? null : report.Add, Mapped = report is null ? null : report.Map };
            long lines = MmioLogReader.Read(log, summary);
            report?.Finish(summary);
            if (result.GetValue(s_json))
            {
                using Stream output = Console.OpenStandardOutput();
                MmioJson.Write(output, summary, lines);
            }
            else
            {
                MmioTable.Write(Console.Out, summary);
            }

            return Tell(name, summary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ServingException(exception.Message);
        }
    }

    private static int Tell(string name, MmioSummary summary)
    {
        ServerConsole console = new();
        foreach ((long line, string text) in summary.Problems)
        {
            console.Print(Invariant($"{name}:{line}: {text}"));
        }

        if (summary.ProblemCount > summary.Problems.Count)
        {
            console.Print(Invariant($"and {summary.ProblemCount - summary.Problems.Count:N0} more problems"));
        }

        return summary.ProblemCount == 0 ? 0 : HasProblems;
    }
}
