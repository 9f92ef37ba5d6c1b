using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Shell;

/// <summary>cpus</summary>
internal static unsafe class CpuList
{
    public static void Print()
    {
        Commands.Print($"cpu apic state    thread               ticks  switches   nmis spurious\r\n");
        for (int i = 0; i < CpuTable.Count; i++)
        {
            Cpu* cpu = CpuTable.At(i);
            if (cpu->IsOnline != 0)
            {
                Commands.Print($"{i,3} {(ulong)cpu->ApicId,4} online   {cpu->Current->Name,-16} {cpu->Ticks,9} {cpu->Switches,9} {cpu->Nmis,6} {cpu->SpuriousInterrupts,8}\r\n");
            }
            else
            {
                Commands.Print($"{i,3} {(ulong)cpu->ApicId,4} no answer\r\n");
            }
        }
    }
}
