namespace Haltpoint.Ring0.MmioTrace;

/// <summary>What becomes of a page fault that the tracer was asked about.</summary>
internal enum AccessOutcome
{
    /// <summary>Somebody else's.</summary>
    NotOurs,

    /// <summary>The frame says what goes on.</summary>
    Done,

    /// <summary>The frame now tells another exception, at the same instruction or, for a debug exception, behind it.</summary>
    Raised,
}
