using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Where .NET would throw: an index out of range is a defect of ours, and there is nothing to unwind to.</summary>
internal static class Halt
{
    [DoesNotReturn]
    [RuntimeImport("*", "haltpoint_halt")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void Now();
}
