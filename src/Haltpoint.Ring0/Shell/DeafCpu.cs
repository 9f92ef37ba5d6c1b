using System.Threading;
using Haltpoint.Ring0.Apic;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Shell;

/// <summary>A CPU that hears nothing, not even an NMI: it spins inside one, until another CPU or a debugger clears <see cref="s_isDeaf"/>.</summary>
internal static unsafe class DeafCpu
{
    private static int s_isDeaf;

    /// <summary>Sends the CPU an NMI to stay in. Only one at a time.</summary>
    public static void Start(Cpu* cpu)
    {
        Volatile.Write(ref s_isDeaf, cpu->Index + 1);
        LocalApic.SendNmi(cpu->ApicId);
    }

    public static void End() => Volatile.Write(ref s_isDeaf, 0);

    /// <summary>In the handler of an NMI that was nobody else's.</summary>
    public static void Obey(Cpu* cpu)
    {
        while (Volatile.Read(ref s_isDeaf) == cpu->Index + 1)
        {
            Instructions.Pause();
        }
    }
}
