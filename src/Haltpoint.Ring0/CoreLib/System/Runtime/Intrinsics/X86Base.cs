using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>Instructions that every x86-64 has. ILC replaces the bodies; a body that is left would call itself for ever.</summary>
[Intrinsic]
public static class X86Base
{
    [Intrinsic]
    public static void Pause() => Pause();
}
