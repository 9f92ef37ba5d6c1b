using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output csv</c>: a line of names, then a line a hit (RFC 4180); the stack innermost first with ';' between frames.</summary>
internal sealed class CsvHits : IHitWriter
{
    private readonly TextWriter _output;

    public CsvHits(TextWriter output)
    {
        _output = output;
        _output.Write("time,cpu,pid,tid,thread,access,address,length,value,old,exact,ip,function,file,line,kernel,count,stack\n");
    }

    public void Write(in WatchHit hit)
    {
        string stack = hit.Stack.Count == 0 ? "" : string.Join(';', hit.Stack.Select(HitText.Frame));
        string line = hit.Location.File is null ? "" : hit.Location.Line.ToString(CultureInfo.InvariantCulture);
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{hit.Time},{hit.Cpu},{hit.ProcessId},{hit.ThreadId},{Quote(hit.ThreadName)},{HitText.Access(hit.Access)},{HitText.Hex(hit.Address)},"));
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{hit.Length},{hit.Value},{hit.OldValue},{Word(hit.IsExact)},{HitText.Hex(hit.InstructionPointer)},{Quote(hit.Location.Name)},"));
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Quote(hit.Location.File ?? "")},{line},{Word(hit.IsKernel)},{hit.Count},{Quote(stack)}\n"));
    }

    public void Finish(WatchSummary summary) => _output.Flush();

    private static string Word(bool value) => value ? "true" : "false";

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
