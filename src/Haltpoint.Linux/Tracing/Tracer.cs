using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.Tracing;

/// <summary>The ptrace thread of a trace: arms the memory, keeps it armed as mappings and processes come, and hands over what happens.</summary>
internal sealed partial class Tracer : IDisposable
{
    private readonly TracedMemory _memory;
    private readonly AccessTraceOptions _options;
    private readonly Action<Tracer> _begin;
    private readonly TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _notes = [];
    private readonly Lock _stopLock = new();
    private readonly Thread _thread;
    private bool _isStopRequested;

    // Made on its thread.
    private PtraceSession? _session;

    private Tracer(TracedMemory memory, AccessTraceOptions options, Action<Tracer> begin)
    {
        _memory = memory;
        _options = options;
        _begin = begin;
        _thread = new Thread(Run) { Name = "haltpoint trace", IsBackground = true };
    }

    public RecordQueue Records { get; } = new();

    /// <summary>The process it began with.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Of a started program that has ended: its exit status, or 128 and the signal that ended it.</summary>
    public int? ExitStatus { get; private set; }

    /// <summary>What could not be traced, one line each, so far.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_notes)
            {
                return [.. _notes];
            }
        }
    }

    private PtraceSession Session => _session!;

    /// <summary>Traces a running process. It is armed when this returns.</summary>
    /// <exception cref="AccessTraceException">It cannot be had; the process is as it was.</exception>
    public static Tracer Attach(int process, TracedMemory memory, AccessTraceOptions options) => Start(new Tracer(memory, options, t => t.AttachTo(process)));

    /// <summary>Starts a program and traces it from its first instruction.</summary>
    /// <exception cref="AccessTraceException">It cannot be had; the program was ended.</exception>
    public static Tracer Launch(IReadOnlyList<byte[]> command, TracedMemory memory, AccessTraceOptions options) =>
        Start(new Tracer(memory, options, t => t.StartProgram(command)));

    /// <summary>Puts everything back and lets the processes run on. From any thread; it is done when this returns.</summary>
    public void Stop()
    {
        lock (_stopLock)
        {
            _isStopRequested = true;
            _session?.RequestShutdown();
        }

        Records.StopWaiting();
        _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        Records.Dispose();
        foreach (Watching.ProcessImage image in _allImages)
        {
            image.Dispose();
        }
    }

    private static Tracer Start(Tracer tracer)
    {
        tracer._thread.Start();
        try
        {
            tracer._armed.Task.GetAwaiter().GetResult();
            return tracer;
        }
        catch
        {
            tracer.Dispose();
            throw;
        }
    }

    private void Run()
    {
        Exception? failure = null;
        PtraceSession session = new();
        try
        {
            lock (_stopLock)
            {
                _session = session;
                if (_isStopRequested)
                {
                    session.RequestShutdown();
                }
            }

            _begin(this);
            _armed.SetResult();
            ServeStops(untilEntry: false);
        }
        catch (Exception e)
        {
            // Whoever waits for the beginning, or for the records, gets it.
            failure = e;
        }

        try
        {
            LetGo();
        }
        finally
        {
            lock (_stopLock)
            {
                _session = null;
            }

            session.Dispose();
            if (failure is not null)
            {
                _armed.TrySetException(failure);
            }

            Records.Complete(_armed.Task.IsCompletedSuccessfully ? failure : null);
        }
    }

    private void Note(string line)
    {
        lock (_notes)
        {
            if (!_notes.Contains(line))
            {
                _notes.Add(line);
            }
        }
    }
}
