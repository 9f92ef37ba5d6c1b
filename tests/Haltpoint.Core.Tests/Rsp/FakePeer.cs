using System;
using System.Collections.Generic;
using System.Globalization;
using Haltpoint.Rsp;
using Haltpoint.Stopping;
using Haltpoint.Targets;

namespace Haltpoint.Core.Tests.Rsp;

/// <summary>A connection to a <see cref="FakeTarget"/>, fed in pieces of a chosen size.</summary>
internal sealed unsafe class FakePeer : ITranscriptPeer
{
    private readonly byte[] _input;
    private readonly byte[] _output;
    private readonly int _piece;
    private GdbConnection<FakeTarget> _connection;
    private FakeTarget _target = new(new FakeMachine());
    private int _asked;

    public FakePeer(int bufferLength, int piece)
    {
        _piece = piece;
        _input = GC.AllocateArray<byte>(bufferLength, pinned: true);
        _output = GC.AllocateArray<byte>(bufferLength, pinned: true);
        fixed (byte* input = _input, output = _output)
        {
            _connection = new GdbConnection<FakeTarget>(input, bufferLength, output, bufferLength);
        }
    }

    public ref GdbConnection<FakeTarget> Connection => ref _connection;

    public FakeMachine Machine => _target.Machine;

    private readonly Queue<byte> _sent = [];

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length != 0)
        {
            int taken = _connection.Receive(ref _target, bytes[..Math.Min(_piece, bytes.Length)]);
            bytes = bytes[taken..];
            bool sentSome = Drain();
            if (taken == 0 && !sentSome)
            {
                if (_connection.End != ConnectionEnd.None)
                {
                    return;
                }

                throw new InvalidOperationException("the server takes nothing and sends nothing");
            }
        }
    }

    public bool HasMore => _sent.Count != 0;

    public int Receive(Span<byte> into)
    {
        int count = 0;
        while (count < into.Length && _sent.TryDequeue(out byte value))
        {
            into[count++] = value;
        }

        return count;
    }

    public void Happen(string what)
    {
        string[] words = what.Split(' ');
        switch (words[0])
        {
            case "refuse":
                Machine.NextStatus = Enum.Parse<TargetStatus>(words[1]);
                Machine.ErrorText = string.Join(' ', words[2..]);
                return;
            case "disable":
                Machine.DisabledPackets.Add(words[1]);
                return;
            case "print":
                Machine.MonitorOutput = System.Text.Encoding.Latin1.GetBytes(string.Join(' ', words[1..]));
                return;
            case "file":
                Machine.Files[words[1]] = [.. System.Text.Encoding.Latin1.GetBytes(string.Join(' ', words[2..]))];
                return;
            case "path":
                Machine.ExecPath = words[1];
                return;
            case "thread":
                Machine.AddThread(Id(words[1]));
                return;
            case "gone":
                Machine.Threads.RemoveAll(t => t.Id.Is(Id(words[1])));
                return;
            case "name":
                Machine.Find(Id(words[1]))!.Name = string.Join(' ', words[2..]);
                return;
            case "cpu":
                Machine.Find(Id(words[1]))!.Cpu = int.Parse(words[2], CultureInfo.InvariantCulture);
                return;
            case "stop":
                Machine.Stops.Enqueue(Stop(words));
                _connection.Poll(ref _target);
                Drain();
                return;
            case "ends":
                Xunit.Assert.Equal(Enum.Parse<ConnectionEnd>(words[1]), _connection.End);
                return;
            case "waits":
                Xunit.Assert.Equal(bool.Parse(words[1]), _connection.IsWaitingForStop);
                return;
            default:
                throw new FormatException($"nothing called '{words[0]}' can happen");
        }
    }

    public string? NextAsked()
    {
        List<string> log = Machine.Log!;
        return _asked < log.Count ? log[_asked++] : null;
    }

    public void ForgetAsked() => _asked = Machine.Log!.Count;

    // stop THREAD KIND [signal N] [at ADDRESS] [code N] [child THREAD]
    private static StopEvent Stop(string[] words)
    {
        StopEvent stop = new() { Thread = Id(words[1]) };
        if (Enum.TryParse(words[2], out StopReason reason))
        {
            stop.Kind = StopKind.Signal;
            stop.Reason = reason;
            stop.Signal = 5;
        }
        else
        {
            stop.Kind = Enum.Parse<StopKind>(words[2]);
        }

        for (int i = 3; i + 1 < words.Length; i += 2)
        {
            switch (words[i])
            {
                case "signal":
                    stop.Signal = int.Parse(words[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "at":
                    stop.Address = ulong.Parse(words[i + 1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    break;
                case "code":
                    stop.Code = int.Parse(words[i + 1], CultureInfo.InvariantCulture);
                    break;
                case "child":
                    stop.Child = Id(words[i + 1]);
                    break;
                default:
                    throw new FormatException($"a stop has no '{words[i]}'");
            }
        }

        return stop;
    }

    private static ThreadId Id(string text)
    {
        string[] parts = text.Split('.');
        return new ThreadId(
            int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private bool Drain()
    {
        bool any = false;
        while (_connection.Pending.Length != 0)
        {
            any = true;
            ReadOnlySpan<byte> pending = _connection.Pending;
            int count = Math.Min(pending.Length, _piece);
            foreach (byte value in pending[..count])
            {
                _sent.Enqueue(value);
            }

            _connection.Sent(count);
            if (_connection.Pending.Length == 0)
            {
                _connection.Poll(ref _target);
            }
        }

        return any;
    }
}
