using System;

namespace Haltpoint.Targets;

/// <summary>Why the last request was refused, in words for a person.</summary>
public interface IErrors<TSelf>
    where TSelf : struct
{
    /// <summary>UTF-8 text of the last refusal, one line without a full stop at its end. 0 when the status says all there is.</summary>
    static virtual int LastError(ref TSelf self, Span<byte> into) => 0;
}
