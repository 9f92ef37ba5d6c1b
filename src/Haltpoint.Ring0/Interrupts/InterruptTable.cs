using System.Runtime.InteropServices;
using Haltpoint.Ring0.Boot;
using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Interrupts;

/// <summary>The interrupt descriptor table, one for all CPUs (SDM volume 3, section 6.14.1).</summary>
internal static unsafe class InterruptTable
{
    /// <summary>Bytes from one entry stub to the next in Entries.S.</summary>
    public const int EntrySize = 16;

    public const int Count = 256;

    private const byte InterruptGate = 0x8E; // present, privilege 0, interrupts off
    private const byte UserGate = InterruptGate | (3 << 5); // programs may use it

    private static Gates s_gates;

    public static ulong Address
    {
        get
        {
            fixed (Gates* gates = &s_gates)
            {
                return (ulong)gates;
            }
        }
    }

    public static int Length => sizeof(Gates);

    /// <summary>Called once, by the boot processor.</summary>
    public static void Fill()
    {
        fixed (Gates* gates = &s_gates)
        {
            Gate* gate = (Gate*)gates;
            for (int vector = 0; vector < Count; vector++, gate++)
            {
                ulong entry = vector == Vectors.DebuggerWake
                    ? ImageLayout.DebuggerWakeEntry()
                    : ImageLayout.InterruptEntries() + (ulong)(vector * EntrySize);
                gate->OffsetLow = (ushort)entry;
                gate->Selector = Descriptors.CodeSelector;
                gate->Stack = (byte)InterruptStacks.IndexFor(vector);
                gate->Kind = vector is Vectors.Breakpoint or Vectors.SystemCall ? UserGate : InterruptGate;
                gate->OffsetMiddle = (ushort)(entry >> 16);
                gate->OffsetHigh = (uint)(entry >> 32);
            }
        }
    }

    /// <summary>Called on each CPU.</summary>
    public static void Load() => Instructions.LoadInterrupts((void*)Address, (ushort)Length);

    private struct Gate
    {
        public ushort OffsetLow;
        public ushort Selector;
        public byte Stack;
        public byte Kind;
        public ushort OffsetMiddle;
        public uint OffsetHigh;
        public uint Reserved;
    }

    [StructLayout(LayoutKind.Sequential, Size = 16 * Count)]
    private struct Gates
    {
        public ulong First;
    }
}
