namespace Haltpoint.Linux.PageTraps.SystemCalls;

/// <summary>An access of the kernel for a system call.</summary>
/// <param name="Address">As the program knows it.</param>
/// <param name="Length">Bytes that were touched, in and around armed ranges.</param>
/// <param name="IsWrite">Whether the kernel wrote them.</param>
internal readonly record struct CallAccess(ulong Address, ulong Length, bool IsWrite);
