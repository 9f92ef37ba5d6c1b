using System;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Serial;
using Haltpoint.Ring0.Text;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Shell;

/// <summary>The shell's words.</summary>
internal static class Commands
{
    private const ulong NmiPatience = 1_000_000;
    private const uint PowerOffPatience = 1_000_000;

    public static void Run(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> word = NextWord(ref line);
        ReadOnlySpan<byte> rest = line;
        ReadOnlySpan<byte> argument = NextWord(ref line);
        if (word.IsEmpty)
        {
            return;
        }

        if (word.SequenceEqual("help"u8))
        {
            Help();
            WatchdogCommands.Help();
        }
        else if (word.SequenceEqual("ps"u8))
        {
            ThreadList.Print();
        }
        else if (word.SequenceEqual("cpus"u8))
        {
            CpuList.Print();
        }
        else if (word.SequenceEqual("load"u8))
        {
            StartLoad(argument);
        }
        else if (word.SequenceEqual("stop"u8))
        {
            Workload.Stop();
        }
        else if (word.SequenceEqual("dmesg"u8))
        {
            PrintLog();
        }
        else if (word.SequenceEqual("break"u8))
        {
            Instructions.Breakpoint();
        }
        else if (word.SequenceEqual("panic"u8))
        {
            Panic.Now("asked for at the console"u8);
        }
        else if (word.SequenceEqual("fault"u8))
        {
            Faults.Make(argument);
        }
        else if (word.SequenceEqual("exercise"u8))
        {
            Exercises.Start(argument, NextWord(ref line));
        }
        else if (word.SequenceEqual("nmi"u8))
        {
            SendNmis();
        }
        else if (word.SequenceEqual("watch"u8))
        {
            WatchCommands.Watch(argument);
        }
        else if (word.SequenceEqual("unwatch"u8))
        {
            WatchCommands.Unwatch(argument);
        }
        else if (word.SequenceEqual("touch"u8))
        {
            WatchCommands.Touch(argument);
        }
        else if (word.SequenceEqual("run"u8))
        {
            RunCommand.Run(argument, NextWord(ref line));
        }
        else if (word.SequenceEqual("bench"u8))
        {
            Benchmarks.Figures.Run(argument);
        }
        else if (word.SequenceEqual("selftest"u8))
        {
            SelfTests.SelfTest.Run(argument, NextWord(ref line));
        }
        else if (word.SequenceEqual("trace"u8))
        {
            TraceCommands.Run(argument, NextWord(ref line));
        }
        else if (word.SequenceEqual("exit"u8))
        {
            EmulatorExit.PowerOff();
            Clock.Delay(PowerOffPatience);
            Print($"this machine is no emulator that could be ended\r\n");
        }
        else if (!WatchdogCommands.TryRun(word, rest))
        {
            Print($"no command '{word}': help says what there is\r\n");
        }
    }

    public static void Print(scoped in Line line) => SerialConsole.Write(line.Text);

    private static void Help() => SerialConsole.Write(
        "ps       the threads\r\n"u8
        + "cpus     the CPUs\r\n"u8
        + "load N   starts N threads that work\r\n"u8
        + "stop     ends them\r\n"u8
        + "dmesg    what the kernel has said so far\r\n"u8
        + "break    a breakpoint, for a debugger\r\n"u8
        + "panic    the end, with a backtrace\r\n"u8
        + "fault X  the end, by an exception: divide, null, text, stack, index\r\n"u8
        + "nmi      sends one to each CPU\r\n"u8
        + "watch A  counts writes to the 8 bytes at A on every CPU; without A, says what is watched\r\n"u8
        + "unwatch N  gives that debug register back\r\n"u8
        + "touch A  adds one to the 8 bytes at A\r\n"u8
        + "run X    a program in user mode; without X, which there are\r\n"u8
        + "bench    figures of speed\r\n"u8
        + "selftest what the kernel tests of itself\r\n"u8
        + "trace X  traces a driver at work: hpet, edu, rng, hammer, pages\r\n"u8
        + "exercise X N  what is hard on a debugger: steps, storm N rounds, deaf CPU N, hear\r\n"u8
        + "exit     ends the emulator\r\n"u8);

    /// <summary>Reads a number from 1 to 999999.</summary>
    /// <returns>0 for anything else.</returns>
    public static int Number(ReadOnlySpan<byte> word)
    {
        int number = 0;
        foreach (byte digit in word)
        {
            if (digit is < (byte)'0' or > (byte)'9' || number > 99_999)
            {
                return 0;
            }

            number = (10 * number) + digit - '0';
        }

        return number;
    }

    private static void StartLoad(ReadOnlySpan<byte> argument)
    {
        int wanted = Number(argument);
        if (wanted == 0)
        {
            Print($"load N: how many threads?\r\n");
            return;
        }

        int started = Workload.Start(wanted);
        Print($"{started} threads started, {Workload.Running} running\r\n");
    }

    private static unsafe void SendNmis()
    {
        int taken = 0;
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            long before = Volatile.Read(ref cpu->Nmis);
            ulong start = Clock.Microseconds;
            LocalApic.SendNmi(cpu->ApicId);
            while (Volatile.Read(ref cpu->Nmis) == before && Clock.Microseconds - start < NmiPatience)
            {
                Instructions.Pause();
            }

            taken += Volatile.Read(ref cpu->Nmis) == before ? 0 : 1;
        }

        Print($"{taken} of {CpuTable.Count} CPUs took it\r\n");
    }

    private static unsafe void PrintLog()
    {
        byte* part = stackalloc byte[128];
        ulong position = 0;
        int count;
        while ((count = Log.Read(ref position, new Span<byte>(part, 128))) > 0)
        {
            SerialConsole.Write(new ReadOnlySpan<byte>(part, count));
        }
    }

    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> line)
    {
        int start = 0;
        while (start < line.Length && line[start] == ' ')
        {
            start++;
        }

        int end = start;
        while (end < line.Length && line[end] != ' ')
        {
            end++;
        }

        ReadOnlySpan<byte> word = line[start..end];
        line = line[end..];
        return word;
    }
}
