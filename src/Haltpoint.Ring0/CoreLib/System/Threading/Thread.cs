using System.Runtime.Intrinsics.X86;

namespace System.Threading;

/// <summary>What a loop that waits for another CPU says to its own.</summary>
public static class Thread
{
    /// <summary>There is nobody to hand the CPU to here, but its sibling.</summary>
    public static bool Yield()
    {
        X86Base.Pause();
        return false;
    }
}
