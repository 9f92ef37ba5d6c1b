using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Ptrace;
using Haltpoint.Linux.Symbols;
using Haltpoint.PageTraps;

namespace Haltpoint.Linux.PageTraps;

/// <summary>rt_sigaction(2) of a program for a signal whose action in the kernel is ours: it is answered from what is kept for the program.</summary>
internal static class ActionCall
{
    private const ulong SignalSetLength = 8;

    /// <summary>Whether a call is one.</summary>
    public static bool Is(Tracee tracee, in CallRequest request) =>
        request.Number == (int)CallNumber.SignalAction && ProgramActions.IsAbout((int)request.Arguments[0])
            && tracee.Process.Space.PageTraps is { } traps && traps.Actions.StandIn(tracee);

    /// <summary>Does what the kernel would have done, in its order.</summary>
    /// <returns>The call's result.</returns>
    public static long Answer(Tracee tracee, in CallArguments arguments)
    {
        AddressSpace space = tracee.Process.Space;
        ProgramActions actions = space.PageTraps!.Actions;
        int signal = (int)arguments[0];
        SignalAction action = default;
        if (arguments[3] != SignalSetLength)
        {
            return -Errno.EINVAL;
        }

        if (arguments[1] != 0 && space.Read(arguments[1], MemoryMarshal.AsBytes(new Span<SignalAction>(ref action))) != SignalAction.Length)
        {
            return -Errno.EFAULT;
        }

        SignalAction before = actions.Of(signal);
        if (arguments[1] != 0)
        {
            actions.Set(space, signal, action.Kept);
        }

        return arguments[2] == 0 || TryGive(tracee, arguments[2], before) ? 0 : -Errno.EFAULT;
    }

    private static bool TryGive(Tracee tracee, ulong address, SignalAction action)
    {
        MemoryMap map = MemoryMap.Read(tracee.Process.Id);
        return MayWrite(tracee, map, address) && MayWrite(tracee, map, address + SignalAction.Length - 1)
            && tracee.Process.Space.Memory.TryWrite(address, MemoryMarshal.AsBytes(new ReadOnlySpan<SignalAction>(in action)));
    }

    // From outside, memory that the program may only read can be written too.
    private static bool MayWrite(Tracee tracee, MemoryMap map, ulong address) =>
        tracee.Process.Space.PageTraps!.Table.TryFindRun(address, out TrappedRun run) && !run.IsOpen
            ? run.Has(RunTraits.Writable)
            : map.TryFind(address, out Mapping mapping) && mapping.IsWritable;
}
