using System;
using System.Globalization;
using System.Text;

namespace Haltpoint.Linux.Tests.Tracees;

/// <summary>A program that is told when to go on, and says where it is, by pipes whose descriptors are its first two arguments.</summary>
internal sealed unsafe class PipedProgram : IDisposable
{
    private const int KillSignal = 9;
    private readonly int _in;
    private readonly int _out;
    private bool _ended;

    public PipedProgram(string program, params string[] arguments)
    {
        int* pair = stackalloc int[2];
        Pipe(pair);
        (int childIn, _in) = (pair[0], pair[1]);
        Pipe(pair);
        (_out, int childOut) = (pair[0], pair[1]);
        Id = Spawner.Start(program, [Text(childIn), Text(childOut), .. arguments]);
        _ = TestLibc.Close(childIn);
        _ = TestLibc.Close(childOut);
    }

    private PipedProgram(int id, int toProgram, int fromProgram)
    {
        (Id, _in, _out) = (id, toProgram, fromProgram);
    }

    public int Id { get; }

    /// <summary>A program that is told by its standard input, and says where it is on standard error.</summary>
    public static PipedProgram OnStandardStreams(string program, params string[] arguments)
    {
        int* pair = stackalloc int[2];
        Pipe(pair);
        (int childIn, int toProgram) = (pair[0], pair[1]);
        Pipe(pair);
        (int fromProgram, int childOut) = (pair[0], pair[1]);
        string others = $"{toProgram}<&- {fromProgram}<&-";
        int id = Spawner.Start("/bin/bash", ["-c", $"exec \"$0\" \"$@\" 0<&{childIn} 2>&{childOut} {childIn}<&- {childOut}<&- {others}", program, .. arguments]);
        _ = TestLibc.Close(childIn);
        _ = TestLibc.Close(childOut);
        return new PipedProgram(id, toProgram, fromProgram);
    }

    /// <summary>Waits for its next line.</summary>
    public string ReadLine()
    {
        StringBuilder line = new();
        byte next;
        while (TestLibc.Read(_out, &next, 1) == 1)
        {
            if (next == '\n')
            {
                return line.ToString();
            }

            line.Append((char)next);
        }

        throw new InvalidOperationException($"the program ended after \"{line}\"");
    }

    public ulong ReadAddress() => ulong.Parse(ReadLine().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Sends the bytes it waits for; one lets it go on.</summary>
    public void Send(params ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            _ = TestLibc.Write(_in, first, (nuint)bytes.Length);
        }
    }

    public void GoOn() => Send((byte)'\n');

    /// <summary>Waits for its end and returns its exit status.</summary>
    public int WaitForExit()
    {
        _ended = true;
        return Spawner.WaitForExit(Id);
    }

    public void Dispose()
    {
        if (!_ended)
        {
            _ = TestLibc.Kill(Id, KillSignal);
            Spawner.WaitForExit(Id);
        }

        _ = TestLibc.Close(_in);
        _ = TestLibc.Close(_out);
    }

    private static void Pipe(int* pair)
    {
        if (TestLibc.Pipe(pair) != 0)
        {
            throw new InvalidOperationException("no pipe");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
