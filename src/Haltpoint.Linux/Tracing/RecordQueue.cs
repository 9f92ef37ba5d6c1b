using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Haltpoint.Linux.Tracing;

/// <summary>Records on their way from the ptrace thread to the reader. When there is no room the traced threads wait for it: none is lost.</summary>
internal sealed class RecordQueue : IDisposable
{
    // Room for what comes in while the reader explains new places, which takes it milliseconds each.
    private const int Capacity = 1 << 15;

    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(5);

    private readonly Channel<TraceRecord> _channel = Channel.CreateBounded<TraceRecord>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    // What came after the reader was told not to be waited for.
    private readonly List<TraceRecord> _late = [];
    private readonly CancellationTokenSource _noWaiting = new();

    /// <summary>On the ptrace thread.</summary>
    public void Add(in TraceRecord record)
    {
        while (_late.Count > 0 || !_channel.Writer.TryWrite(record))
        {
            if (_noWaiting.IsCancellationRequested)
            {
                _late.Add(record);
                return;
            }

            WaitForRoom();
        }
    }

    /// <summary>From any thread: whatever still comes is kept, however much it is.</summary>
    public void StopWaiting() => _noWaiting.Cancel();

    /// <summary>On the ptrace thread: nothing more comes.</summary>
    public void Complete(Exception? failure) => _channel.Writer.TryComplete(failure);

    /// <summary>Takes what is there; waits for something first. False when it is over.</summary>
    public async ValueTask<bool> TakeAsync(List<TraceRecord> into, CancellationToken cancellation)
    {
        if (!_channel.Reader.TryPeek(out _))
        {
            if (!await _channel.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                into.AddRange(_late);
                _late.Clear();
                return into.Count > 0;
            }

            // To be woken for every record would cost the traced program more than the record does.
            await Task.Delay(s_gathering, cancellation).ConfigureAwait(false);
        }

        while (into.Count < Capacity && _channel.Reader.TryRead(out TraceRecord record))
        {
            into.Add(record);
        }

        return true;
    }

    public void Dispose() => _noWaiting.Dispose();

    private void WaitForRoom()
    {
        try
        {
            _ = _channel.Writer.WaitToWriteAsync(_noWaiting.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The caller looks.
        }
    }
}
