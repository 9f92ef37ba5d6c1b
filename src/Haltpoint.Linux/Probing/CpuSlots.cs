using System.Collections.Generic;

namespace Haltpoint.Linux.Probing;

/// <summary>The debug registers of one CPU that stopped a program when it wrote to the watched bytes.</summary>
public sealed record CpuSlots(int Cpu, IReadOnlyList<int> Working);
