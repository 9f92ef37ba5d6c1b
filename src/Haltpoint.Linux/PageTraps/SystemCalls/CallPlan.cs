using System;

namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>What becomes of one thread's system call while ranges are armed. A thread keeps one and uses it for all its calls.</summary>
/// <remarks>
/// Knows arguments and memory, no ptrace. The caller, on the ptrace thread:
/// at the entry stop asks <see cref="Enter"/> and does what it answers; at the exit stop puts the program's own number and arguments
/// back into the registers, then calls <see cref="Leave"/>. A signal that interrupts the call shows as an exit too, with one of the
/// kernel's ERESTART results: the program's registers are back, so a restart passes through the entry again. While a translated call blocks
/// or is <see cref="CallEnd.Suspended"/> after it was translated the kernel holds addresses of homes: before a range is disarmed such threads have to be
/// interrupted, and a result of -516 (ERESTART_RESTARTBLOCK) replaced by <see cref="RestartFromEntry"/>.
/// </remarks>
internal sealed partial class CallPlan(ICallMemory memory)
{
    /// <summary>-ERESTARTNOHAND of linux/errno.h: begin again from the program's arguments, or EINTR if a handler runs.</summary>
    public const long RestartFromEntry = -514;

    private const int RestartSystemCall = 219;
    private const int RestartSystemCallIa32 = 0;
    private const long RestartBlock = -516;
    private const long NotImplemented = -38;

    private CallRequest _request;
    private CallArguments _arguments;
    private CallAction _action;
    private bool _isSuspended;

    // The kernel says that it begins the call again: what it reads a second time was reported the first time.
    private bool _isRestarting;
    private bool _isRepeated;
    private bool _isToRetry;
    private bool _wasRetried;

    /// <summary>The line of the tables; null for a number that isn't there.</summary>
    public SystemCall? Call { get; private set; }

    /// <summary>The call as the program made it.</summary>
    public ref readonly CallRequest Request => ref _request;

    /// <summary>The number to run it with.</summary>
    public int Number { get; private set; }

    /// <summary>The arguments to run it with.</summary>
    public ref readonly CallArguments Arguments => ref _arguments;

    /// <summary>Whether number or arguments differ from the program's.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>The return value of a call that was refused.</summary>
    public long Refusal { get; private set; }

    /// <summary>The return value for the program, after <see cref="Leave"/>.</summary>
    public long Result { get; private set; }

    /// <summary>What the kernel would go on using, after <see cref="CallAction.Release"/>.</summary>
    public CallAccess Kept { get; private set; }

    /// <summary>After <see cref="Leave"/>: the kernel makes the call again, or goes on with it, when the thread runs on.</summary>
    public bool IsRestarting => _isRestarting;

    /// <summary>Whether a result stands for a call that is to be made again or gone on with (linux/errno.h, ERESTARTSYS and the like).</summary>
    public static bool IsRestart(long result) => result is (>= FirstRestart and <= LastRestart) and not NoSuchRequest;

    /// <summary>At the entry stop of a system call.</summary>
    /// <param name="request">As the program made it.</param>
    /// <param name="armed">Ascending, without overlaps.</param>
    public CallAction Enter(in CallRequest request, ReadOnlySpan<ArmedRange> armed)
    {
        ArmedRanges ranges = new(armed);
        if (_isSuspended && IsRestartCall(request))
        {
            _isSuspended = false;
            Number = request.Number;
            _arguments = request.Arguments;
            IsChanged = false;
            return _action;
        }

        bool isSame = IsSameCall(request);
        bool isRetried = _isToRetry && isSame;
        _wasRetried = isRetried;
        _isToRetry = false;
        _isRepeated = _isRestarting && isSame;
        _isRestarting = false;
        _isSuspended = false;
        _request = request;
        _arguments = request.Arguments;
        Number = request.Number;
        IsChanged = false;
        _areaCount = 0;
        _accessCount = 0;
        _piecesGiven = 0;
        _messageGiven = 0;
        Call = SystemCallTable.Find(request.Abi, request.Number);
        _action = ranges.IsEmpty ? CallAction.None : isRetried ? CallAction.Open : Decide(ranges);
        return _action;
    }

    private CallAction Decide(ArmedRanges armed)
    {
        if (Call is not { } call)
        {
            return AnyArgumentIn(armed) ? CallAction.Open : CallAction.Follow;
        }

        if (IsRestartCall(_request))
        {
            // Of a call made before anything was armed; only the kernel knows which. All that can be gone on with have their addresses in arguments.
            return AnyArgumentIn(armed) ? CallAction.Open : CallAction.None;
        }

        if (call.Class == SystemCallClass.Refused)
        {
            Refusal = NotImplemented;
            return CallAction.Refuse;
        }

        CallAction least = call.IsPartlyKnown ? CallAction.Follow : CallAction.None;
        Argument[] arguments = call.ArgumentsFor(_request.Arguments);
        if (call.Class != SystemCallClass.SignalReturn && !MayTouch(arguments, armed))
        {
            return least;
        }

        CallAction action = Collect(call, arguments, armed);
        if (action == CallAction.Translate && !Place(armed))
        {
            _arguments = _request.Arguments;
            Number = _request.Number;
            IsChanged = false;
            _messageGiven = 0;
            return CallAction.Open;
        }

        return action == CallAction.None ? least : action;
    }

    private static bool IsRestartCall(in CallRequest request) =>
        request.Number == (request.Abi == CallAbi.X64 ? RestartSystemCall : RestartSystemCallIa32);

    private bool AnyArgumentIn(ArmedRanges armed)
    {
        for (int i = 0; i < CallArguments.Count; i++)
        {
            if (armed.Touch(_request.Arguments[i], 1))
            {
                return true;
            }
        }

        return false;
    }

    // Decides nearly every call, from registers alone.
    private bool MayTouch(Argument[] arguments, ArmedRanges armed)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            ref readonly Argument argument = ref arguments[i];
            ulong address = _request.Arguments[i];
            bool touches = argument.Kind switch
            {
                ArgumentKind.Value => false,
                ArgumentKind.Range => armed.Touch(address, argument.Length.Most(_request.Arguments)),
                ArgumentKind.Flat or ArgumentKind.Kept or ArgumentKind.ParentThread or ArgumentKind.ChildThread =>
                    address != 0 && armed.Touch(address, argument.Length.Most(_request.Arguments)),
                _ => address != 0,
            };
            if (touches)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSameCall(in CallRequest request) =>
        request.Number == _request.Number && ((ReadOnlySpan<ulong>)request.Arguments).SequenceEqual(_request.Arguments);
}
