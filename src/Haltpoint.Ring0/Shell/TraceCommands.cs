using System;
using Haltpoint.Ring0.Devices;
using Haltpoint.Ring0.MmioTrace;

namespace Haltpoint.Ring0.Shell;

/// <summary>trace: switches the tracer on for the rest of the machine's life, and lets a driver work.</summary>
internal static class TraceCommands
{
    private const int DefaultRounds = 10;

    /// <param name="name">Of the driver.</param>
    /// <param name="number">How many rounds, for the hammer.</param>
    /// <returns>Whether the driver did what it should.</returns>
    public static bool Run(ReadOnlySpan<byte> name, ReadOnlySpan<byte> number)
    {
        if (!IsKnown(name))
        {
            Commands.Print($"trace NAME: hpet, edu, rng, hammer ROUNDS, pages, cost\r\n");
            return false;
        }

        if (!Tracer.IsOn)
        {
            PciBus.Enumerate();
            Tracer.Start();
            if (!TraceStream.TryStart())
            {
                Commands.Print($"no thread is left for the trace\r\n");
                return false;
            }
        }

        bool isRight = Work(name, Number(number));
        TraceStream.Flush();
        ulong records = Tracer.Sequence;
        Commands.Print($"{name}: {(isRight ? "all right"u8 : "FAILED"u8)}, {records} records\r\n");
        return isRight;
    }

    private static bool IsKnown(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("hpet"u8) || name.SequenceEqual("edu"u8) || name.SequenceEqual("rng"u8) || name.SequenceEqual("hammer"u8) || name.SequenceEqual("pages"u8)
        || name.SequenceEqual("cost"u8);

    private static bool Work(ReadOnlySpan<byte> name, int rounds)
    {
        bool isRight;
        if (name.SequenceEqual("hpet"u8))
        {
            isRight = HpetDriver.TryStart() && HpetDriver.Work();
            HpetDriver.Stop();
        }
        else if (name.SequenceEqual("rng"u8))
        {
            isRight = EntropyDriver.TryStart() && EntropyDriver.Work();
            EntropyDriver.Stop();
        }
        else if (name.SequenceEqual("pages"u8))
        {
            isRight = PageTrials.Run();
        }
        else if (name.SequenceEqual("cost"u8))
        {
            isRight = TraceCost.Run();
        }
        else
        {
            bool isHammer = name.SequenceEqual("hammer"u8);
            isRight = EduDriver.TryStart() || isHammer;
            isRight &= isHammer ? Hammer.Run(rounds) : EduDriver.Work();
            EduDriver.Stop();
        }

        return isRight;
    }

    private static int Number(ReadOnlySpan<byte> text)
    {
        int number = 0;
        foreach (byte digit in text)
        {
            number = digit is >= (byte)'0' and <= (byte)'9' && number < 1_000_000 ? (10 * number) + digit - '0' : number;
        }

        return number == 0 ? DefaultRounds : number;
    }
}
