using System.Threading;

namespace Haltpoint.Timekeeping;

/// <summary>Says to every detector that shares it that the machine stood still: what they compare with is from before.</summary>
/// <remarks>
/// One addition, so that a debugger may touch from an exception or an NMI whatever the machine was stopped in: it waits for nothing and
/// walks no list (F-1 to F-5). A detector notes the count that it has seen and looks again before it accuses; a touch is therefore
/// never lost, and any number of them cost one verdict.
/// </remarks>
public struct TouchWord
{
    private int _count;

    public readonly int Count => Volatile.Read(in _count);

    /// <summary>On any CPU, in any context.</summary>
    public void Touch() => Interlocked.Increment(ref _count);
}
