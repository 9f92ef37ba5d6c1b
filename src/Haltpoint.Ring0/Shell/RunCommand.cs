using System;
using Haltpoint.Ring0.Tasks;

namespace Haltpoint.Ring0.Shell;

/// <summary>The shell's <c>run</c>: a program of the image as a user task, and what became of it.</summary>
internal static class RunCommand
{
    private const int SignalMask = 0x7F;

    public static void Run(ReadOnlySpan<byte> name, ReadOnlySpan<byte> argument)
    {
        if (name.IsEmpty)
        {
            for (int i = 0; i < Programs.Count; i++)
            {
                Commands.Print($"{Programs.NameOf(i)}\r\n");
            }

            return;
        }

        int id = UserTasks.Start(name, argument);
        if (id == Errors.NoEntry)
        {
            Commands.Print($"no program '{name}': run alone says which there are\r\n");
        }
        else if (id < 0)
        {
            Commands.Print($"{name} cannot be started: error {-id}\r\n");
        }
        else
        {
            int status = Waiting.ForEnd(id);
            int signal = status & SignalMask;
            if (signal != 0)
            {
                Commands.Print($"{name} was ended by signal {signal}\r\n");
            }
            else
            {
                Commands.Print($"{name} ended with status {status >> 8}\r\n");
            }
        }
    }
}
