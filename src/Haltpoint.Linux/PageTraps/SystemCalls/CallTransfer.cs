namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>How much of an argument's bytes a call touched, judged at its exit.</summary>
internal enum CallTransfer : byte
{
    /// <summary>All that it reads; all that it writes if it did not fail.</summary>
    Whole,

    /// <summary>As many elements as it returned.</summary>
    Returned,

    /// <summary>The same, counted through all buffers of a vector.</summary>
    Shared,

    /// <summary>All, if it returned more than 0.</summary>
    WhenPositive,

    /// <summary>All, if a signal ended it.</summary>
    WhenInterrupted,

    /// <summary>All, failed or not.</summary>
    Always,

    /// <summary>As many bytes as the length word says afterwards.</summary>
    LengthWord,
}
