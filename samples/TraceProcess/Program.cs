// Prints every access to some mappings of a running process, until it ends or Ctrl-C; then who made most of them.
// usage: TraceProcess PID PATTERN      such as: TraceProcess 1234 '[heap]'
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Haltpoint.Linux.Tracing;

if (args.Length != 2 || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process))
{
    Console.Error.WriteLine("usage: TraceProcess PID PATTERN");
    return 2;
}

using CancellationTokenSource end = new();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    end.Cancel();
});

Dictionary<string, long> places = [];
try
{
    // Disposing puts the memory back and lets the process run on.
    using AccessTrace trace = AccessTrace.OnProcess(process, TracedMemory.Mappings(args[1]), new AccessTraceOptions { Values = true });
    Console.Error.WriteLine("tracing");
    try
    {
        await foreach (TracedAccess access in trace.ReadAccessesAsync(end.Token))
        {
            string place = access.SystemCall is null ? $"{access.Location.Name} {access.Location.Position}" : $"{access.Location.Name}, in {access.SystemCall}";
            places[place] = places.GetValueOrDefault(place) + 1;
            Console.WriteLine($"{access.ThreadName} {access.Access} {access.Mapping.Name}+0x{access.Offset:x} width {access.Width}: {access.Value} by {place}");
        }
    }
    catch (OperationCanceledException)
    {
        // Ctrl-C: the rest is not wanted.
    }
}
catch (AccessTraceException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}

foreach ((string place, long count) in places.OrderByDescending(p => p.Value).Take(10))
{
    Console.WriteLine($"{count} accesses by {place}");
}

return 0;
