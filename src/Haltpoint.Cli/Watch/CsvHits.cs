using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Watching;

namespace Haltpoint.Cli.Watch;

/// <summary><c>--output csv</c>: a line of names, then a line a hit; the stack innermost first with ';' between frames.</summary>
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
        string stack = hit.Stack.Count == 0 ? "" : string.Join(';', hit.Stack.Select(AccessText.Frame));
        string line = hit.Location.File is null ? "" : hit.Location.Line.ToString(CultureInfo.InvariantCulture);
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{hit.Time},{hit.Cpu},{hit.ProcessId},{hit.ThreadId},{CsvText.Quote(hit.ThreadName)},{AccessText.Access(hit.Access)},{AccessText.Hex(hit.Address)},"));
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{hit.Length},{hit.Value},{hit.OldValue},{CsvText.Word(hit.IsExact)},{AccessText.Hex(hit.InstructionPointer)},{CsvText.Quote(hit.Location.Name)},"));
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{CsvText.Quote(hit.Location.File ?? "")},{line},{CsvText.Word(hit.IsKernel)},{hit.Count},{CsvText.Quote(stack)}\n"));
    }

    public void Finish(WatchSummary summary) => _output.Flush();
}
