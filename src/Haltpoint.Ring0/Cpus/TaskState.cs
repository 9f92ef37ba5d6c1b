using System.Runtime.InteropServices;

namespace Haltpoint.Ring0.Cpus;

/// <summary>The task-state segment: here only the stack for what comes from user mode, and the interrupt stacks, 1 to 7 (SDM volume 3, section 8.7).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct TaskState
{
    public uint Reserved;
    public fixed ulong PrivilegeStacks[3];

    /// <summary>Index 0 is reserved.</summary>
    public fixed ulong InterruptStacks[8];

    public ulong ReservedAfter;
    public ushort ReservedLast;

    /// <summary>Behind the segment's end: there is no map.</summary>
    public ushort PermissionMap;
}
