using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Haltpoint.Cli.Tests.Live;

/// <summary>A program under test, its output read line by line as it comes.</summary>
internal class RunningProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly List<string> _errors = [];

    public RunningProgram(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Reads standard error up to a line with this text in it.</summary>
    public string WaitForLine(string part)
    {
        while (ReadLine(s_patience) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"ended without \"{part}\", after:\n{string.Join('\n', _errors)}\n{_output.Result}");
    }

    /// <summary>Waits until whoever started it that way has become this program.</summary>
    public void WaitForProgram(string name)
    {
        while (File.ReadAllText($"/proc/{Id}/comm").TrimEnd() != name)
        {
            Assert(!HasExited);
            System.Threading.Thread.Yield();
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <param name="output">All of its standard output.</param>
    /// <param name="patience">How long each step may take: more than what suits an answer, for a program that has much to do.</param>
    /// <returns>Exit status.</returns>
    public int WaitForEnd(out string output, TimeSpan? patience = null)
    {
        TimeSpan longest = patience ?? s_patience;
        while (ReadLine(longest) is not null)
        {
        }

        output = _output.WaitAsync(longest).GetAwaiter().GetResult();
        Assert(_process.WaitForExit(longest));
        return _process.ExitCode;
    }

    public int WaitForEnd(TimeSpan? patience = null) => WaitForEnd(out _, patience);

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private string? ReadLine(TimeSpan patience)
    {
        string? line = _process.StandardError.ReadLineAsync().WaitAsync(patience).GetAwaiter().GetResult();
        if (line is not null)
        {
            _errors.Add(line);
        }

        return line;
    }

    private void Assert(bool ended)
    {
        if (!ended)
        {
            throw new TimeoutException($"did not end:\n{string.Join('\n', _errors)}");
        }
    }
}
