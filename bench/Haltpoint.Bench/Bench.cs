using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;

namespace Haltpoint.Bench;

/// <summary>Measures a row: everyone opened first, then one measurement of each in turn, so that whatever the machine does meets all alike.</summary>
internal sealed class Bench(int rounds)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    public Result Measure(Row row)
    {
        List<double> gdbserver = [];
        List<double> haltpoint = [];
        List<double> inside = [];
        List<double> tracer = [];
        try
        {
            if (row.IsPinned)
            {
                Affinity.PinToOne();
            }

            using Measurement theirs = row.Open(Server.Gdbserver);
            using Measurement ours = row.Open(Server.Haltpoint);
            using Measurement? engine = row.Inside is null ? null : EngineProcess.Open(row.Inside);
            if (row.IsWarmedUp)
            {
                WarmUp(theirs);
                WarmUp(ours);
                WarmUp(engine);
            }

            for (int round = 0; round < rounds; round++)
            {
                Take(gdbserver, theirs);
                Take(haltpoint, ours);
                Take(inside, engine);
                if (row.Tracer is not null)
                {
                    tracer.Add(double.Parse(Workspace.Run(Workspace.Tracer, row.Tracer.Split(' ')), CultureInfo.InvariantCulture) / 1000);
                }
            }
        }
        catch (Exception e) when (e is BenchException or System.Net.Sockets.SocketException)
        {
            return Report(e.Message);
        }
        finally
        {
            Affinity.Unpin();
        }

        return Report(null);

        Result Report(string? problem)
        {
            double? c = Median(tracer);
            double? g = Median(gdbserver);
            double? h = Median(haltpoint);
            double? i = Median(inside);
            return new Result(row.Name, row.Unit, c, g, h, i, row.Goal, h / g, row.Inside is null ? null : row.InsideGoal, i / c, problem);
        }
    }

    private static void WarmUp(Measurement? measurement)
    {
        long start = Stopwatch.GetTimestamp();
        while (measurement is not null && Stopwatch.GetElapsedTime(start) < s_warmUp)
        {
            measurement.Take();
        }
    }

    private static void Take(List<double> into, Measurement? measurement)
    {
        if (measurement is not null)
        {
            into.Add(measurement.Take());
        }
    }

    private static double? Median(List<double> figures) =>
        figures.Count == 0 ? null : figures.Order().ElementAt(figures.Count / 2);
}
