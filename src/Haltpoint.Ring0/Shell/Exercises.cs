using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Shell;

/// <summary>exercise: what is hard on a debugger, for its tests.</summary>
internal static unsafe class Exercises
{
    public static void Start(ReadOnlySpan<byte> what, ReadOnlySpan<byte> argument)
    {
        int number = Commands.Number(argument);
        if (what.SequenceEqual("steps"u8))
        {
            ThreadTable.Start("steps"u8, &RunSteps, 0);
            Commands.Print($"started\r\n");
        }
        else if (what.SequenceEqual("storm"u8) && number > 0)
        {
            Storm.Start(number);
        }
        else if (what.SequenceEqual("deaf"u8) && number > 0 && number < CpuTable.Count)
        {
            DeafCpu.Start(CpuTable.At(number));
            Commands.Print($"CPU {number} hears nothing\r\n");
        }
        else if (what.SequenceEqual("hear"u8))
        {
            DeafCpu.End();
            Commands.Print($"all hear\r\n");
        }
        else
        {
            Commands.Print($"exercise X N: steps, storm ROUNDS, deaf CPU (not 0), hear\r\n");
        }
    }

    [UnmanagedCallersOnly]
    private static void RunSteps(nint argument) => Steps();

    [RuntimeImport("*", "exercise_steps")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Steps();
}
