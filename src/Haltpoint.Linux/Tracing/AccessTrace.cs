using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Haltpoint.Linux.Tracing;

/// <summary>Hears of every access to some memory of a process, of all its threads and of the children it forks.</summary>
/// <remarks>
/// It is armed when it is returned. The traced threads wait when accesses are not read: none is ever lost, and a program whose trace
/// nobody reads comes to a halt. <see cref="Stop"/> and disposing put everything back and let the program run on; until then the caller
/// owns the processes: nobody else can trace or debug them.
/// <para>It makes its kernel calls on a thread of its own. One reader at a time, on any thread; <see cref="Stop"/>, <see cref="Summary"/> and
/// <see cref="Notes"/> from any thread, also while it reads. Accesses are values, and may be kept.</para>
/// </remarks>
public sealed class AccessTrace : IDisposable
{
    private readonly Tracer _tracer;
    private readonly TraceResolver _resolver;

    private AccessTrace(Tracer tracer, AccessTraceOptions options)
    {
        _tracer = tracer;
        _resolver = new TraceResolver(options.Stacks);
    }

    /// <summary>The process it began with.</summary>
    public int ProcessId => _tracer.ProcessId;

    /// <summary>What could not be traced, one line each, so far.</summary>
    public IReadOnlyList<string> Notes => _tracer.Notes;

    /// <summary>What was read so far; the whole trace when the reading has ended.</summary>
    public TraceSummary Summary => _resolver.Summary;

    /// <summary>Of a started program that has ended: its exit status, or 128 and the signal that ended it.</summary>
    public int? ExitStatus => _tracer.ExitStatus;

    /// <summary>Traces memory of a running process.</summary>
    /// <exception cref="AccessTraceException">It cannot be had; the message says why, and the process is as it was.</exception>
    public static AccessTrace OnProcess(int process, TracedMemory memory, AccessTraceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        options ??= new AccessTraceOptions();
        return new AccessTrace(Tracer.Attach(process, memory, options), options);
    }

    /// <summary>Starts a program and traces its memory from its first instruction, mappings from when they are made.</summary>
    /// <param name="command">The program and its arguments, as bytes: a path need not be text.</param>
    /// <param name="memory">What of it.</param>
    /// <param name="options">How; null for reads and writes without values.</param>
    /// <remarks>It is a child of this process with its terminal and its standard streams.</remarks>
    /// <exception cref="AccessTraceException">It cannot be had; the message says why, and the program was ended.</exception>
    public static AccessTrace OnProgram(IReadOnlyList<byte[]> command, TracedMemory memory, AccessTraceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(memory);
        options ??= new AccessTraceOptions();
        return new AccessTrace(Tracer.Launch(command, memory, options), options);
    }

    /// <summary>Accesses in the order in which they were made, until the traced processes end, or <see cref="Stop"/>.</summary>
    /// <param name="cancellationToken">Ends the reading alone: the trace stays armed, and can be read on or stopped. What was taken out of its
    /// queue and not given yet is lost to the reader.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public async IAsyncEnumerable<TracedAccess> ReadAccessesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (IReadOnlyList<TraceEntry> batch in ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (TraceEntry entry in batch)
            {
                if (entry.Kind == TraceRecordKind.Access)
                {
                    yield return entry.Access;
                }
            }
        }
    }

    /// <summary>The same with the mappings between them, as they come; a batch is good until the next is asked for.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<TraceEntry>> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<TraceRecord> records = [];
        List<TraceEntry> entries = [];
        while (await _tracer.Records.TakeAsync(records, cancellationToken).ConfigureAwait(false))
        {
            _resolver.Resolve(records, entries);
            records.Clear();
            yield return entries;
            entries.Clear();
        }
    }

    /// <summary>Ends the trace: memory and processes are as they were when this returns. Accesses from before can still be read.</summary>
    public void Stop() => _tracer.Stop();

    public void Dispose() => _tracer.Dispose();
}
