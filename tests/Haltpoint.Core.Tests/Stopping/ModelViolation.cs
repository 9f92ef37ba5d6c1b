using System;
using System.Diagnostics.CodeAnalysis;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>A rule of the round-up is broken in a state of the model.</summary>
internal sealed class ModelViolation(string message) : Exception(message)
{
    public static void If([DoesNotReturnIf(true)] bool isBroken, string rule)
    {
        if (isBroken)
        {
            throw new ModelViolation(rule);
        }
    }
}
