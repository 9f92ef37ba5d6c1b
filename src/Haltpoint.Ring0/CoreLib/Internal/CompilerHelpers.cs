using System;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>ILC looks for it in the system module; there is nothing to start.</summary>
internal static class StartupCodeHelpers;

/// <summary>Where the code generator sends what .NET reports as exceptions. The names are ILC's.</summary>
internal static class ThrowHelpers
{
    private static void ThrowIndexOutOfRangeException() => Halt.Now();

    private static void ThrowNullReferenceException() => Halt.Now();

    private static void ThrowDivideByZeroException() => Halt.Now();

    private static void ThrowOverflowException() => Halt.Now();

    private static void ThrowPlatformNotSupportedException() => Halt.Now();
}
