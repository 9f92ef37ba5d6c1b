using System;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Guarding;
using Haltpoint.Linux.PageTraps.SystemCalls;
using Haltpoint.Linux.Ptrace;

namespace Haltpoint.Linux.PageTraps;

/// <summary>What a program does at SIGSEGV and SIGTRAP, kept for it while the kernel has <see cref="HandlerCode"/> for both.</summary>
/// <remarks>On the ptrace thread. A copy of each, and ours, is in the scratch area, where system calls can take it from.</remarks>
internal sealed class ProgramActions
{
    /// <summary>Where the scratch area's data is theirs: the two of the program, ours, the default one, and one that the kernel was asked for.</summary>
    public const ulong Offset = DeviceCells.Length;

    /// <summary>Bytes there.</summary>
    public const ulong Length = 5 * SignalAction.Length;

    private const ulong OursOffset = 2 * SignalAction.Length;

    private const ulong DefaultOffset = 3 * SignalAction.Length;
    private const ulong AskedOffset = 4 * SignalAction.Length;

    // By signal; null for what nobody has asked for.
    private readonly ulong?[] _masks = new ulong?[SignalNumber.Last + 1];

    private SignalAction _segment;
    private SignalAction _trap;

    /// <summary>The process in which ours stand; 0 for none. Others with the same memory (vfork) have their own.</summary>
    public int Process { get; private set; }

    public bool AreOurs => Process != 0;

    /// <summary>One of the program's may be in the kernel for a while: ours have to be put in again.</summary>
    public bool AreLent { get; set; }

    /// <summary>Where they are in the process; 0 when nowhere.</summary>
    public ulong Place { get; private set; }

    public ulong OursPlace => Place + OursOffset;

    public ulong DefaultPlace => Place + DefaultOffset;

    public ulong AskedPlace => Place + AskedOffset;

    public static bool IsAbout(int signal) => signal is SignalNumber.Segment or SignalNumber.Trap;

    public bool StandIn(Tracee tracee) => AreOurs && Process == tracee.Process.Id && !tracee.HasOwnActions;

    public ulong PlaceOf(int signal) => Place + (signal == SignalNumber.Segment ? 0ul : SignalAction.Length);

    public SignalAction Of(int signal) => signal == SignalNumber.Segment ? _segment : _trap;

    /// <summary>There is an area for them.</summary>
    public void PlaceIn(ulong scratch) => Place = scratch + TrappedSpace.CodeLength + Offset;

    public void Begin(int process, SignalAction segment, SignalAction trap)
    {
        Process = process;
        AreLent = false;
        (_segment, _trap) = (segment, trap);
        Array.Clear(_masks);
    }

    public void End()
    {
        Process = 0;
        AreLent = false;
        Place = 0;
    }

    /// <summary>The program has another action from now on.</summary>
    public void Set(AddressSpace space, int signal, in SignalAction action)
    {
        (signal == SignalNumber.Segment ? ref _segment : ref _trap) = action;
        Note(space);
        space.Memory.TryWrite(PlaceOf(signal), MemoryMarshal.AsBytes(new ReadOnlySpan<SignalAction>(in action)));
    }

    /// <summary>What the handler of any signal blocks while it runs, if it is known.</summary>
    public bool TryFindMask(int signal, out ulong mask)
    {
        mask = _masks[signal] ?? 0;
        return _masks[signal] is not null;
    }

    public void KeepMask(int signal, ulong mask) => _masks[signal] = mask;

    public void ForgetMask(int signal)
    {
        if (signal is > 0 and <= SignalNumber.Last)
        {
            _masks[signal] = null;
        }
    }

    /// <summary>Writes down for the guardian what is to be put back.</summary>
    public void Note(AddressSpace space)
    {
        if (space.Guard is { } guard)
        {
            guard.Process.Segment = _segment;
            guard.Process.Trap = _trap;
            guard.Process.HasActions = AreOurs ? 1 : 0;
        }
    }
}
