using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Cli.Output;
using Haltpoint.Cli.Trace.Report;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary>Runs a trace from armed to reported: output, live view, end by time, count, signal or the program's own.</summary>
internal sealed class TraceRun(AccessTrace trace, TraceRequest request, Stream output, Stream? report, TextWriter messages)
{
    private const int Failed = 1;

    private readonly TraceTotals _totals = new();
    private int _notesShown;
    private volatile bool _stopped;

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit status.</returns>
    public int Run()
    {
        ShowNotes();
        SavedFile.Empty(output);
        using BufferedStream buffered = new(output, 64 * 1024);
        using StreamWriter text = new(buffered) { NewLine = "\n" };
        List<ITraceWriter> writers = [CreateWriter(buffered, text)];
        if (report is not null)
        {
            SavedFile.Empty(report);
            writers.Add(new HtmlReport(report, Title));
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using Timer? timer = request.Duration is { } duration ? new Timer(_ => Stop(), null, duration, Timeout.InfiniteTimeSpan) : null;
        if (!request.ShowsLiveView)
        {
            // Whoever starts it from a script may let the target go on at this line: the trace is armed.
            messages.WriteLine($"haltpoint: tracing {Title}");
        }

        Task reading = Task.Run(() => ReadAsync(writers, buffered, text));
        if (request.ShowsLiveView)
        {
            new TraceLiveView(_totals, Title).Show(reading);
        }

        reading.GetAwaiter().GetResult();
        trace.Stop();
        TraceSummary summary = trace.Summary with { Accesses = _totals.All.Count, Reads = _totals.All.Reads, Writes = _totals.All.Writes };
        foreach (ITraceWriter writer in writers)
        {
            writer.Finish(summary);
            (writer as IDisposable)?.Dispose();
        }

        return Report(summary);
    }

    private string Title => $"{request.Memory.Text}, {request.AccessName} in process {trace.ProcessId}";

    private ITraceWriter CreateWriter(Stream stream, TextWriter text) => request.Output switch
    {
        TraceOutput.Json => new JsonTrace(stream),
        TraceOutput.Csv => new CsvTrace(text),
        TraceOutput.Mmiotrace => new MmiotraceLog(text, PciDevice.ReadAll()),
        TraceOutput.Perfetto => new PerfettoAccesses(stream),
        _ => new TraceTable(text, _totals, Title),
    };

    private async Task ReadAsync(List<ITraceWriter> writers, Stream stream, TextWriter text)
    {
        long left = request.Hits ?? long.MaxValue;
        await foreach (IReadOnlyList<TraceEntry> batch in trace.ReadBatchesAsync().ConfigureAwait(false))
        {
            foreach (TraceEntry entry in batch)
            {
                // After the last access that was asked for only the ends of mappings are of interest.
                if (left > 0 || entry.Kind == TraceRecordKind.Unmapped)
                {
                    Give(writers, entry);
                }

                if (entry.Kind == TraceRecordKind.Access && --left == 0)
                {
                    Stop();
                }
            }

            // Whoever reads at the other end of a pipe gets accesses as they come.
            await text.FlushAsync().ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
    }

    private void Give(List<ITraceWriter> writers, in TraceEntry entry)
    {
        if (entry.Kind == TraceRecordKind.Access)
        {
            _totals.Add(entry.Access);
        }

        foreach (ITraceWriter writer in writers)
        {
            switch (entry.Kind)
            {
                case TraceRecordKind.Mapped:
                    writer.Map(entry.Mapping, entry.Time);
                    break;
                case TraceRecordKind.Unmapped:
                    writer.Unmap(entry.Mapping, entry.Time);
                    break;
                default:
                    writer.Write(entry.Access);
                    break;
            }
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
        trace.Stop();
    }

    private int Report(TraceSummary summary)
    {
        ShowNotes();
        if (request.Output != TraceOutput.Table)
        {
            messages.WriteLine($"haltpoint: {TraceText.SummaryLine(summary.Accesses, _totals.Elapsed.TotalSeconds)}");
        }

        if (trace.ExitStatus is { } status && request.IsStarted)
        {
            messages.WriteLine($"haltpoint: the program ended with status {status}");
        }
        else if (trace.ExitStatus is null && _stopped && request.IsStarted)
        {
            messages.WriteLine($"haltpoint: the program runs on as process {trace.ProcessId}");
        }

        if (summary.Mappings > 0)
        {
            return 0;
        }

        messages.WriteLine($"haltpoint: nothing was traced: the program never mapped '{request.Memory.Text}'");
        return Failed;
    }

    private void ShowNotes()
    {
        IReadOnlyList<string> notes = trace.Notes;
        foreach (string note in notes.Skip(_notesShown))
        {
            messages.WriteLine($"haltpoint: note: {note}");
        }

        _notesShown = notes.Count;
    }
}
