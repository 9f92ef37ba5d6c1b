using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Haltpoint.Linux.Probing;

namespace Haltpoint.Cli.Gdbserver;

/// <summary><c>--selftest</c>: checks that this machine does what the server needs, in the form gdb's test suite reads.</summary>
internal static class SelfTest
{
    public static int Run(IReadOnlyList<string> filters)
    {
        int ran = 0;
        int failed = 0;
        foreach (Finding finding in Examination.Make().Findings)
        {
            string name = finding.Name.Replace(' ', '-');
            if (filters.Count > 0 && !filters.Any(filter => name.Contains(filter, StringComparison.Ordinal)))
            {
                continue;
            }

            ran++;
            Console.Out.WriteLine($"Running selftest {name}.");
            if (finding.State == FindingState.Missing)
            {
                failed++;
                Console.Out.WriteLine($"Self test failed: {finding.Text}");
            }
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ran {ran} unit tests, {failed} failed"));
        return failed == 0 ? 0 : 1;
    }
}
