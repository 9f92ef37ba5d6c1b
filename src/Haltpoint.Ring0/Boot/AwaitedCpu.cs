using Haltpoint.Ring0.Cpus;

namespace Haltpoint.Ring0.Boot;

/// <summary>What a starting processor finds under its APIC's number: its stack and its data. Read by Trampoline.S, which knows the layout.</summary>
/// <remarks>Each has its own, so that one that answers late still finds what belongs to it and to nobody else.</remarks>
internal unsafe struct AwaitedCpu
{
    public ulong ApicId;
    public ulong StackTop;
    public Cpu* Cpu;
    public ulong PageRoot;
}
