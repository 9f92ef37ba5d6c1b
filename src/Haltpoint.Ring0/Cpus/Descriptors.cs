using System.Runtime.InteropServices;

namespace Haltpoint.Ring0.Cpus;

/// <summary>The global descriptor table of a CPU: flat segments, and its own task state (SDM volume 3, sections 3.4.5 and 8.2.3).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Descriptors
{
    /// <summary>Boot/Layout.inc has the selectors too.</summary>
    public const ushort CodeSelector = 0x08;

    public const ushort DataSelector = 0x10;

    public const ushort UserCodeSelector = 0x28 | 3;
    public const ushort UserDataSelector = 0x30 | 3;

    private const ushort TaskSelector = 0x18;
    private const ulong CodeDescriptor = 0x00AF_9B00_0000_FFFF;
    private const ulong DataDescriptor = 0x00CF_9300_0000_FFFF;
    private const ulong Privilege3 = 3UL << 45;
    private const ulong AvailableTaskState = 0x89UL << 40;

    private ulong _null;
    private ulong _code;
    private ulong _data;
    private ulong _taskLow;
    private ulong _taskHigh;
    private ulong _userCode;
    private ulong _userData;

    /// <summary>Fills the table and makes it this CPU's.</summary>
    public static void Load(Descriptors* table, TaskState* task)
    {
        ulong address = (ulong)task;
        task->PermissionMap = (ushort)sizeof(TaskState);
        table->_code = CodeDescriptor;
        table->_data = DataDescriptor;
        table->_userCode = CodeDescriptor | Privilege3;
        table->_userData = DataDescriptor | Privilege3;
        table->_taskLow = AvailableTaskState | ((address & 0xFF_FFFF) << 16) | ((address >> 24 & 0xFF) << 56) | (uint)(sizeof(TaskState) - 1);
        table->_taskHigh = address >> 32;
        Instructions.LoadDescriptors(table, (ushort)sizeof(Descriptors), TaskSelector);
    }
}
