using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Haltpoint.Breakpoints;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Watching;
using Haltpoint.Linux.Watchpoints;
using Haltpoint.Targets;

namespace Haltpoint.Linux.Serving;

/// <summary>The monitor commands about watchpoints: what they hold, and what is to happen at their hits.</summary>
internal sealed class MonitorWatchpoints(PtraceSession session, ThreadId thread)
{
    public const string Help = """
          watchpoints
            List watchpoints by number: range, what holds each, hits, orders
          when N EXPR
            Pass over the hits of watchpoint N of which EXPR is not true; without EXPR, of none.
            EXPR compares value, old, thread, function and hits: value == 42 && old != 0
          ignore N COUNT
            Pass over the next COUNT hits
          log N [off]
            Print the hits on the server's standard error, and stop for none
          number N write|access ADDRESS LENGTH
            Call a watchpoint N, as gdb does; the gdb script does it
        """;

    /// <returns>The answer; null when it is no command of these.</returns>
    public string? Run(string command, out bool isFailure)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? answer = words switch
        {
            ["watchpoints"] => List(),
            ["when", var number, ..] => When(number, After(command, 2)),
            ["ignore", var number, var count] => Ignore(number, count),
            ["log", var number] => Log(number, on: true),
            ["log", var number, "off"] => Log(number, on: false),
            ["number", var number, var kind, var address, var length] => Name(number, kind, address, length),
            ["when" or "ignore" or "log" or "number", ..] => $"error: usage: {UsageOf(words[0])}\n",
            _ => null,
        };
        isFailure = answer is null || answer.StartsWith("error: ", StringComparison.Ordinal);
        return answer;
    }

    private static string UsageOf(string command) => command switch
    {
        "when" => "monitor when N [EXPR]",
        "ignore" => "monitor ignore N COUNT",
        "log" => "monitor log N [off]",
        _ => "monitor number N write|access ADDRESS LENGTH",
    };

    private static string After(string command, int words)
    {
        ReadOnlySpan<char> rest = command.AsSpan().TrimStart();
        for (; words > 0; words--)
        {
            int end = rest.IndexOf(' ');
            rest = end < 0 ? [] : rest[end..].TrimStart();
        }

        return rest.TrimEnd().ToString();
    }

    private string When(string number, string text)
    {
        if (!TryNumber(number, out int which, out string error))
        {
            return error;
        }

        HitCondition? condition = null;
        if (text.Length > 0 && !HitCondition.TryParse(text, out condition, out string reason))
        {
            return $"error: {text}: {reason}\n";
        }

        session.WatchpointNumbers.OrdersFor(which).Condition = condition;
        if (condition is { AsksForFunction: true })
        {
            // Opening the program's symbols takes a while: here, and not in the first hit.
            foreach (TraceeProcess process in session.Processes)
            {
                process.Locate(0);
            }
        }

        return Confirm(which);
    }

    private string Ignore(string number, string count)
    {
        if (!TryNumber(number, out int which, out string error))
        {
            return error;
        }

        if (!long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long hits))
        {
            return $"error: '{count}' is no number of hits\n";
        }

        session.WatchpointNumbers.OrdersFor(which).Ignored = hits;
        return Confirm(which);
    }

    private string Log(string number, bool on)
    {
        if (!TryNumber(number, out int which, out string error))
        {
            return error;
        }

        session.WatchpointNumbers.OrdersFor(which).IsLogged = on;
        return Confirm(which);
    }

    private string Name(string number, string kind, string address, string length)
    {
        if (!TryNumber(number, out int which, out string error))
        {
            return error;
        }

        ReadOnlySpan<char> digits = address.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? address.AsSpan(2) : address;
        if (kind is not ("write" or "access")
            || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) || bytes == 0)
        {
            return $"error: usage: {UsageOf("number")}\n";
        }

        if (session.ProcessOf(thread) is not { } process)
        {
            return "error: there is no process\n";
        }

        process.Watchpoints.Name(which, kind == "write" ? BreakpointKind.WriteWatch : BreakpointKind.AccessWatch, start, bytes);
        return "";
    }

    private string Confirm(int number)
    {
        foreach (TraceeProcess process in session.Processes)
        {
            foreach (Watchpoint watchpoint in process.Watchpoints.All)
            {
                if (watchpoint.Number == number)
                {
                    return "";
                }
            }
        }

        return $"Watchpoint {number} is not there yet: the order waits for it.\n";
    }

    private string List()
    {
        StringBuilder text = new();
        foreach (TraceeProcess process in session.Processes)
        {
            List<Watchpoint> watchpoints = [.. process.Watchpoints.All];
            watchpoints.Sort((a, b) => a.Number.CompareTo(b.Number));
            if (watchpoints.Count > 0 && session.Processes.Count > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"process {process.Id}\n");
            }

            foreach (Watchpoint watchpoint in watchpoints)
            {
                Append(text, watchpoint);
            }
        }

        return text.Length > 0 ? text.ToString() : "no watchpoints\n";
    }

    private static void Append(StringBuilder text, Watchpoint watchpoint)
    {
        string kind = watchpoint.Kind == BreakpointKind.WriteWatch ? "write" : "access";
        text.Append(CultureInfo.InvariantCulture, $"{watchpoint.Number,3}  {kind,-6}  0x{watchpoint.Address:x}, {watchpoint.Length} byte{(watchpoint.Length == 1 ? "" : "s")}, by {HolderOf(watchpoint)}");
        text.Append(CultureInfo.InvariantCulture, $"; {watchpoint.Hits} hits, {watchpoint.Told} told");
        WatchpointOrders orders = watchpoint.Orders;
        if (orders.Condition is { } condition)
        {
            text.Append("; when ").Append(condition.Text);
        }

        if (orders.Ignored > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"; ignores {orders.Ignored} more");
        }

        text.Append(orders.IsLogged ? "; only logged\n" : "\n");
    }

    private static string HolderOf(Watchpoint watchpoint) =>
        watchpoint.IsTrapped ? "pages" : watchpoint.Withdrawn is { } reason ? $"nothing, since {reason}" : "registers";

    private static bool TryNumber(string text, out int number, out string error)
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
        error = isNumber ? "" : $"error: '{text}' is no watchpoint's number: monitor watchpoints lists them\n";
        return isNumber;
    }
}
