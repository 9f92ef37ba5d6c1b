using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Logging;
using Haltpoint.Ring0.Symbols;
using Haltpoint.Ring0.Time;

namespace Haltpoint.Ring0.Watchdogs;

/// <summary>Where a CPU that no longer answers is: it writes its way down in an NMI, and the CPU that asked prints it.</summary>
internal static unsafe class Backtraces
{
    private const int MaxFrames = 12;
    private const ulong PatienceMicroseconds = 100_000;

    private static int s_lock;
    private static int s_wanted;
    private static int s_count;
    private static Addresses s_addresses;

    /// <summary>Asks a CPU, and prints the answer.</summary>
    public static void Ask(Cpu* cpu)
    {
        if (Interlocked.CompareExchange(ref s_lock, 1, 0) != 0)
        {
            return;
        }

        Volatile.Write(ref s_count, 0);
        Volatile.Write(ref s_wanted, cpu->Index + 1);
        LocalApic.SendNmi(cpu->ApicId);
        ulong start = Clock.Microseconds;
        while (Volatile.Read(ref s_wanted) != 0 && Clock.Microseconds - start < PatienceMicroseconds)
        {
            Instructions.Pause();
        }

        if (Interlocked.Exchange(ref s_wanted, 0) > 0)
        {
            Log.Write($"  CPU {cpu->Index} does not take an NMI either");
        }
        else
        {
            while (Volatile.Read(ref s_count) == 0)
            {
                Instructions.Pause();
            }

            for (int i = 0; i < s_count; i++)
            {
                Print(i, s_addresses[i]);
            }
        }

        Volatile.Write(ref s_lock, 0);
    }

    /// <summary>In the NMI handler, when the debugger did not want it.</summary>
    public static bool TryAnswer(Cpu* cpu, InterruptFrame* frame)
    {
        if (Interlocked.CompareExchange(ref s_wanted, 0, cpu->Index + 1) != cpu->Index + 1)
        {
            return false;
        }

        Unwinder unwinder = new(frame);
        int count = 0;
        do
        {
            s_addresses[count++] = unwinder.Address;
        }
        while (count < MaxFrames && unwinder.TryStep());
        Volatile.Write(ref s_count, count);
        return true;
    }

    /// <summary>Of this CPU.</summary>
    public static void Print(InterruptFrame* frame)
    {
        Unwinder unwinder = new(frame);
        int number = 0;
        do
        {
            Print(number++, unwinder.Address);
        }
        while (number < MaxFrames && unwinder.TryStep());
    }

    private static void Print(int number, ulong address)
    {
        ReadOnlySpan<byte> name = SymbolTable.NameOf(address, out ulong offset);
        Log.Write($"  {number,2} {address:x16} {(name.IsEmpty ? "?"u8 : name)} +{offset:x}");
    }

    [InlineArray(MaxFrames)]
    private struct Addresses
    {
        private ulong _first;
    }
}
