using System;
using System.Buffers.Binary;
using System.Globalization;

namespace Haltpoint.Bench;

/// <summary>A server with the target started under it and stopped in its main loop, and a client of it.</summary>
internal sealed class Session : IDisposable
{
    private readonly RunningServer _server;

    public Session(Server server, string what, int threads)
    {
        _server = server.Start("--once", "localhost:0", Workspace.Target, what, threads.ToString(CultureInfo.InvariantCulture));
        Client = new RspClient(_server.Port);
        Client.Request("?");
        Client.Request("Hg0");
        RunTo("run");
    }

    public RspClient Client { get; }

    public double ServerMemory => _server.PeakMemory;

    public static string Hex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The thread named in a stop reply.</summary>
    public static string ThreadOf(string stop)
    {
        int start = stop.IndexOf("thread:", StringComparison.Ordinal) + "thread:".Length;
        return stop[start..stop.IndexOf(';', start)];
    }

    /// <summary>Register 16, which every stop reply of this architecture has.</summary>
    public static ulong ProgramCounterOf(string stop) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Convert.FromHexString(stop.AsSpan(stop.IndexOf(";10:", StringComparison.Ordinal) + 4, 16)));

    /// <summary>Lets the target run to a symbol of its.</summary>
    /// <returns>The stop reply.</returns>
    public string RunTo(string symbol)
    {
        ulong address = Workspace.Symbols[symbol];
        string breakpoint = $"0,{Hex(address)},1";
        Client.Expect("OK", "Z" + breakpoint);
        string stop = Client.Request("vCont;c");
        if (!stop.StartsWith("T05", StringComparison.Ordinal) || ProgramCounterOf(stop) != address)
        {
            throw new BenchException($"the target stopped with '{stop}' on its way to {symbol}");
        }

        Client.Expect("OK", "z" + breakpoint);
        return stop;
    }

    public void Dispose()
    {
        Client.Send(RspClient.Packet("k"));
        Client.Dispose();
        _server.Dispose();
    }
}
