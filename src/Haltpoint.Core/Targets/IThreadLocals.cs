namespace Haltpoint.Targets;

/// <summary>Where a thread's thread-local variables are.</summary>
public interface IThreadLocals<TSelf>
    where TSelf : struct
{
    static virtual bool CanLocate => false;

    /// <param name="self">The target.</param>
    /// <param name="thread">One thread.</param>
    /// <param name="offset">Offset of the variable in its module's block.</param>
    /// <param name="linkMap">Address of the module's link-map entry.</param>
    /// <param name="address">Where it is in that thread.</param>
    static virtual TargetStatus LocateThreadLocal(ref TSelf self, ThreadId thread, ulong offset, ulong linkMap, out ulong address)
    {
        address = 0;
        return TargetStatus.Unsupported;
    }
}
