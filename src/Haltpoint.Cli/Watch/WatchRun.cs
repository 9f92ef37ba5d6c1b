using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Procfs;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary>Runs a watch from armed to reported: filter, output, live view, end by time, count, signal or the program's own.</summary>
internal sealed class WatchRun(MemoryWatch watch, WatchRequest request, Stream output, TextWriter messages)
{
    private readonly HitTotals _totals = new();
    private volatile bool _stopped;

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit status.</returns>
    public int Run()
    {
        foreach (string note in watch.Notes)
        {
            messages.WriteLine($"haltpoint: note: {note}");
        }

        if (request.Save is not null)
        {
            SavedFile.Empty(output);
        }

        using BufferedStream buffered = new(output, 64 * 1024);
        using StreamWriter text = new(buffered) { NewLine = "\n" };
        IHitWriter writer = CreateWriter(buffered, text);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using Timer? timer = request.Duration is { } duration ? new Timer(_ => Stop(), null, duration, Timeout.InfiniteTimeSpan) : null;

        if (!request.ShowsLiveView)
        {
            // Whoever starts it from a script may let the target go on at this line: the watch is armed.
            messages.WriteLine($"haltpoint: watching {Title}");
        }

        Task reading = Task.Run(() => ReadAsync(writer, buffered, text));
        if (request.ShowsLiveView)
        {
            new LiveView(_totals, watch, Title).Show(reading);
        }

        reading.GetAwaiter().GetResult();
        watch.Stop();
        WatchSummary summary = watch.Summary;
        writer.Finish(new WatchSummary(_totals.Hits, summary.Lost));
        (writer as IDisposable)?.Dispose();
        Report(summary);
        return 0;
    }

    private string Title
    {
        get
        {
            string who = watch.ProcessId < 0 ? "the kernel" : $"process {watch.ProcessId}";
            string what = watch.Name.StartsWith("0x", StringComparison.Ordinal) ? watch.Name : $"{watch.Name} at 0x{watch.Address:x}";
            return $"{what}, {watch.Length} byte{(watch.Length == 1 ? "" : "s")}, {request.AccessName} in {who}";
        }
    }

    private IHitWriter CreateWriter(Stream stream, TextWriter text) => request.Output switch
    {
        WatchOutput.Json => new JsonHits(stream),
        WatchOutput.Csv => new CsvHits(text),
        WatchOutput.Folded => new FoldedStacks(text),
        WatchOutput.Speedscope => new SpeedscopeProfile(stream, Title),
        WatchOutput.Perfetto => new PerfettoTrace(stream, watch.Name),
        _ => new HitTable(text, _totals, Title),
    };

    private async Task ReadAsync(IHitWriter writer, Stream stream, TextWriter text)
    {
        long left = request.Hits ?? long.MaxValue;
        long hits = 0;
        await foreach (IReadOnlyList<WatchHit> batch in watch.ReadBatchesAsync().ConfigureAwait(false))
        {
            foreach (WatchHit hit in batch)
            {
                if (!request.Wants(hit, ++hits))
                {
                    continue;
                }

                _totals.Add(hit);
                writer.Write(hit);
                if (--left == 0)
                {
                    _stopped = true;
                    return;
                }
            }

            // Whoever reads at the other end of a pipe gets hits as they come.
            await text.FlushAsync().ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop();
    }

    private void Stop()
    {
        _stopped = true;
        watch.Stop();
    }

    private void Report(WatchSummary summary)
    {
        if (request.Output != WatchOutput.Table)
        {
            messages.WriteLine($"haltpoint: {HitTable.SummaryLine(_totals.Hits, summary.Lost, _totals.Elapsed.TotalSeconds)}");
        }

        if (watch.ProcessId < 0)
        {
            return;
        }

        if (watch.HasBecomeAnother && !_stopped)
        {
            messages.WriteLine($"haltpoint: process {watch.ProcessId} became another program, in which the address means nothing");
        }

        if (request.IsStarted && !_stopped && watch.TryWaitForExit(TimeSpan.FromSeconds(1), out int status))
        {
            messages.WriteLine($"haltpoint: the program ended with status {status}");
            return;
        }

        bool isAlive = ThreadStat.ReadState(watch.ProcessId) is not ('\0' or 'Z' or 'X');
        if (isAlive && request.IsStarted)
        {
            messages.WriteLine($"haltpoint: the program runs on as process {watch.ProcessId}");
        }
    }
}
