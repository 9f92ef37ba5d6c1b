using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Haltpoint.Bench.Ring0;

/// <summary>A command of the kernel's shell that prints figures, and what they are measured against.</summary>
/// <param name="Command">What is typed.</param>
/// <param name="Baseline">Name of the figure that is 1.</param>
/// <param name="Goal">What it is about, and the goal where there is one.</param>
internal sealed record Table(string Command, string Baseline, string Goal)
{
    public static IReadOnlyList<Table> All { get; } =
    [
        new("bench switches", "switch-0", "ns for a switch between two threads with 0, 1 and 4 watches each; and writes to debug registers for one"),
        new("bench slots", "slots-1", "ns to reserve a slot and give it back, with one held by each of so many tasks; goal: flat, below 1.5"),
        new("trace cost", "read-plain", "ns to read a device's register, and while it is traced (beside Linux: eng/compare-mmiotrace)"),
    ];

    /// <summary>What bench/linux-figures.c prints.</summary>
    public static IReadOnlyList<Table> OfLinux { get; } =
    [
        new("", "linux_switch-0", "Linux: ns for a switch between two processes with 0, 1 and 4 watches each, a read and a write of a pipe included"),
        new("", "linux_slots-1", "Linux: ns for perf_event_open of a watch and close, with one held by each of so many threads"),
    ];

    /// <summary>Prints the medians of the lines "figure NAME VALUE".</summary>
    public void Print(string said)
    {
        Dictionary<string, List<double>> figures = [];
        foreach (string[] words in said.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            if (words is ["figure", string name, string value])
            {
                figures.TryAdd(name, []);
                figures[name].Add(double.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        Console.WriteLine(Goal);
        if (!figures.TryGetValue(Baseline, out List<double>? baseline))
        {
            Console.WriteLine($"  the kernel gave no figure {Baseline}:\n{said}");
            return;
        }

        string kind = Baseline.Split('-')[0];
        foreach ((string name, List<double> values) in figures.Where(figure => !kind.StartsWith("linux", StringComparison.Ordinal) || figure.Key.Split('-')[0] == kind))
        {
            string ratio = name.Split('-')[0] == kind ? string.Create(CultureInfo.InvariantCulture, $"{Median(values) / Median(baseline),10:F2}") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-24}{Median(values),10:F0}{ratio}"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
