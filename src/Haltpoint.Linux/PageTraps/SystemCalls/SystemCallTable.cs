using Haltpoint.Linux.PageTraps.SystemCalls.Tables;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>Every system call of Linux on x86-64, by number.</summary>
internal static class SystemCallTable
{
    private static readonly SystemCall?[] s_x64 = Index(
        TransferCalls.All,
        PathCalls.All,
        MountCalls.All,
        DescriptorCalls.All,
        EventCalls.All,
        SocketCalls.All,
        MemoryCalls.All,
        ProcessCalls.All,
        ScheduleCalls.All,
        SignalCalls.All,
        TimeCalls.All,
        SharingCalls.All,
        AsynchronousCalls.All,
        AdministrationCalls.All);

    private static readonly SystemCall?[] s_ia32 = Index(Ia32Calls.All);

    public static SystemCall? Find(CallAbi abi, int number)
    {
        SystemCall?[] calls = abi == CallAbi.X64 ? s_x64 : s_ia32;
        return (uint)number < (uint)calls.Length ? calls[number] : null;
    }

    private static SystemCall?[] Index(params SystemCall[][] families)
    {
        int highest = 0;
        foreach (SystemCall[] family in families)
        {
            foreach (SystemCall call in family)
            {
                highest = int.Max(highest, call.Number);
            }
        }

        SystemCall?[] calls = new SystemCall?[highest + 1];
        foreach (SystemCall[] family in families)
        {
            foreach (SystemCall call in family)
            {
                calls[call.Number] = call;
            }
        }

        return calls;
    }
}
