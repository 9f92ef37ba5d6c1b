using System;

namespace Haltpoint.Stopping;

/// <summary>What one CPU is to the round-up; all of it in one word, so that each change is one atomic operation.</summary>
[Flags]
internal enum CpuState
{
    None = 0,

    /// <summary>It executes the machine's code, and every stop must hold it.</summary>
    Online = 1,

    /// <summary>It may not leave the debugger. Set and cleared by the master alone, but for the end of a linger; a CPU leaves only by an exchange that finds it clear.</summary>
    Held = 2,

    /// <summary>It is in the debugger: a second exception is re-entry, and a round-up NMI has nothing to do.</summary>
    In = 4,

    /// <summary>It was held since it took its debug registers from the desired set. Held and let go again while it was about to leave, it
    /// would go out with what was wanted before.</summary>
    Outdated = 8,

    /// <summary>In, with its debug registers off.</summary>
    Ready = 16,

    /// <summary>It came by an exception of its own that nobody has taken yet. Set by the CPU, cleared by whoever holds the master lock.</summary>
    Hit = 32,

    /// <summary>An NMI was sent that has not arrived.</summary>
    Asked = 64,

    /// <summary>A second NMI was sent before the first arrived: it may come alone, later, and is ours as well. Where the two merged, this
    /// stays, and one NMI of somebody else is taken for ours.</summary>
    AskedTwice = 128,

    /// <summary>The last resume left it held. Until the next stop it has to hear a break-in.</summary>
    Kept = 256,

    /// <summary>It did not come, or did not go, in time.</summary>
    Absent = 512,

    /// <summary>The last resume left it held while others step; it lets itself go when that takes long.</summary>
    Lingers = 1024,

    /// <summary>It sleeps, or is about to, and whoever has something for it clears this and wakes it. Set only together with a look at
    /// <see cref="Held"/>, or it could sleep over its own release.</summary>
    Asleep = 2048,
}
