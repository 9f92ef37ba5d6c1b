using System;
using System.IO;
using System.Linq;
using System.Text;
using Haltpoint.Cli.Tests.Live;
using Haltpoint.Cli.Trace;
using Haltpoint.Linux.Tracing;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>Each form of output against a file that was checked by hand.</summary>
public class TraceWriterTests
{
    [Theory]
    [InlineData("mmiotrace.txt")]
    [InlineData("trace.json")]
    [InlineData("trace.csv")]
    [InlineData("perfetto.json")]
    public void The_output_is_what_it_was_byte_for_byte(string file)
    {
        using MemoryStream stream = new();
        using StreamWriter text = new(stream, new UTF8Encoding(false)) { NewLine = "\n" };
        ITraceWriter writer = Writer(file, stream, text);
        FixedTrace.WriteTo(writer);
        (writer as IDisposable)?.Dispose();
        text.Flush();
        Assert.Equal(File.ReadAllText(Paths.InRepository($"tests/Vectors/trace/{file}")), Encoding.UTF8.GetString(stream.ToArray()));
    }

    // Facts G-54, G-55, G-57 and G-65.
    [Theory]
    [InlineData("W 4 12.000345 1 0xfd000140 0x1 0x0 0")]
    [InlineData("UNKNOWN 13.141592 1 0xfd000000 f3,0f,6f 0x0 0")]
    [InlineData("UNMAP 9.999999 -1 0x0 0")]
    [InlineData("MAP 9.999999 -1 0xfd000000 0x7f0000000000 0x1000 0x0 0")]
    public void Lines_are_those_of_the_kernels_tracer(string line)
    {
        using StringWriter text = new();
        MmiotraceLog log = new(text, []);
        TracedMapping nobodys = FixedTrace.Registers with { Id = -1, ProcessId = 0 };
        log.Map(nobodys, 9_999_999_000);
        foreach (TracedAccess access in FixedTrace.Accesses)
        {
            log.Write(access with { ProcessId = 0, InstructionPointer = 0 });
        }

        log.Unmap(nobodys, 9_999_999_999);
        Assert.Contains(line, text.ToString().Split('\n'));
    }

    [Fact]
    public void An_access_of_twelve_bytes_is_a_line_of_eight_and_one_of_four()
    {
        using StringWriter text = new();
        MmiotraceLog log = new(text, []);
        byte[] bytes = [.. Enumerable.Range(1, 12).Select(i => (byte)i)];
        log.Write(FixedTrace.Accesses[0] with { Width = 12, Value = new AccessValue(bytes) });
        Assert.Equal(
            ["W 8 12.000345 1 0xfd000140 0x807060504030201 0x401136 4711", "W 4 12.000345 1 0xfd000148 0xc0b0a09 0x401136 4711", ""],
            text.ToString().Split('\n')[1..]);
    }

    private static ITraceWriter Writer(string file, Stream stream, TextWriter text) => file switch
    {
        "mmiotrace.txt" => new MmiotraceLog(text, [FixedTrace.Device]),
        "trace.json" => new JsonTrace(stream),
        "trace.csv" => new CsvTrace(text),
        _ => new PerfettoAccesses(stream),
    };
}
