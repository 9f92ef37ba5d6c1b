using System;
using System.Collections.Generic;
using System.Threading;

namespace Haltpoint.Bench;

/// <summary>What is done to all threads of a program at once.</summary>
internal static class ThreadRows
{
    // Long enough for a server to have resumed everyone, and the same for both.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(50);

    private static readonly int[] s_threads = [1, 100, 1000];

    public static IEnumerable<Row> All
    {
        get
        {
            foreach (int threads in s_threads)
            {
                string who = threads == 1 ? "1 thread" : $"{threads} threads";
                double goal = threads == 1000 ? 0.2 : 1;
                yield return new Row($"attach, {who}", "us")
                {
                    Open = s => Attach(s, threads), Tracer = $"attach {threads} 3", Goal = goal, IsPinned = false,
                };
                yield return new Row($"stop all, {who}", "us")
                {
                    Open = s => Stop(s, threads), Tracer = $"stop {threads} 3", Goal = goal, IsPinned = false,
                };
                yield return new Row($"watchpoint hit, {who}", "us")
                {
                    Open = s => Hit(s, threads), Tracer = $"hit-threads {threads} 20", Goal = goal, IsPinned = false,
                };
            }
        }
    }

    private static Measurement Attach(Server server, int threads)
    {
        (SleepingTarget target, RunningServer running, RspClient client) = Open(server, "sleep", threads);
        string process = Session.Hex((ulong)target.Id);
        byte[] attach = RspClient.Packet($"vAttach;{process}");
        return new Measurement(
            () =>
            {
                double time = Clock.Each(1, () => RequireStop(client.Exchange(attach)));
                client.Expect("OK", $"D;{process}");
                return time;
            },
            client, running, target);
    }

    private static Measurement Stop(Server server, int threads)
    {
        (SleepingTarget target, RunningServer running, RspClient client) = Open(server, "sleep", threads);
        RequireStop(client.Exchange(RspClient.Packet($"vAttach;{Session.Hex((ulong)target.Id)}")));
        byte[] resume = RspClient.Packet("vCont;c");
        return new Measurement(
            () =>
            {
                client.Send(resume);
                Thread.Sleep(s_settle);
                return Clock.Each(1, () =>
                {
                    client.Send("\x03"u8);
                    RequireStop(client.Receive());
                });
            },
            client, running, target);
    }

    private static Measurement Hit(Server server, int threads)
    {
        (SleepingTarget target, RunningServer running, RspClient client) = Open(server, "spin", threads);
        RequireStop(client.Exchange(RspClient.Packet($"vAttach;{Session.Hex((ulong)target.Id)}")));
        client.Expect("OK", $"Z2,{Session.Hex(Workspace.Symbols["watched"])},8");
        byte[] resume = RspClient.Packet("vCont;c");
        return new Measurement(
            () => Clock.Each(threads > 100 ? 5 : 50, () => RequireStop(client.Exchange(resume))),
            client, running, target);
    }

    private static (SleepingTarget Target, RunningServer Server, RspClient Client) Open(Server server, string what, int threads)
    {
        SleepingTarget target = new(what, threads);
        RunningServer running = server.Start("--multi", "localhost:0");
        RspClient client = new(running.Port);
        client.Expect("OK", "!");
        return (target, running, client);
    }

    private static void RequireStop(ReadOnlySpan<byte> reply)
    {
        if (reply.IsEmpty || reply[0] != 'T')
        {
            throw new BenchException($"expected a stop reply, got '{System.Text.Encoding.Latin1.GetString(reply)}'");
        }
    }
}
