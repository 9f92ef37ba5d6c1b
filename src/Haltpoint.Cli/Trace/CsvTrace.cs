using System.Globalization;
using System.IO;
using System.Linq;
using Haltpoint.Cli.Output;
using Haltpoint.Linux.Tracing;

namespace Haltpoint.Cli.Trace;

/// <summary><c>--output csv</c>: a line of names, then a line an access; the stack innermost first with ';' between frames.</summary>
internal sealed class CsvTrace : ITraceWriter
{
    private readonly TextWriter _output;

    public CsvTrace(TextWriter output)
    {
        _output = output;
        _output.Write("time,pid,tid,thread,cpu,access,width,mapping,map,offset,address,value,old,exact,ip,function,file,line,syscall,stack\n");
    }

    public void Map(TracedMapping mapping, long time)
    {
        // Each line names its mapping.
    }

    public void Unmap(TracedMapping mapping, long time)
    {
    }

    public void Write(in TracedAccess access)
    {
        string stack = access.Stack.Count == 0 ? "" : string.Join(';', access.Stack.Select(AccessText.Frame));
        string line = access.Location.File is null ? "" : access.Location.Line.ToString(CultureInfo.InvariantCulture);
        string cpu = access.Cpu < 0 ? "" : access.Cpu.ToString(CultureInfo.InvariantCulture);
        string width = access.Width == 0 ? "" : access.Width.ToString(CultureInfo.InvariantCulture);
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{access.Time},{access.ProcessId},{access.ThreadId},{CsvText.Quote(access.ThreadName)},{cpu},{AccessText.Access(access.Access)},{width},"));
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{CsvText.Quote(access.Mapping.Name)},{access.Mapping.Id},{access.Offset},{AccessText.Hex(access.Address)},{Known(access.Value)},{Known(access.OldValue)},"));
        _output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{CsvText.Word(access.IsExact)},{AccessText.Hex(access.InstructionPointer)},{CsvText.Quote(access.Location.Name)},{CsvText.Quote(access.Location.File ?? "")},{line},{access.SystemCall},{CsvText.Quote(stack)}\n"));
    }

    public void Finish(TraceSummary summary) => _output.Flush();

    private static string Known(AccessValue value) =>
        value.Number is { } number ? number.ToString(CultureInfo.InvariantCulture) : value.IsKnown ? value.ToString() : "";
}
