namespace Haltpoint.Linux.Tests.PageTraps.Instructions;

/// <summary>The addresses of tests/Tracees/executor.c.</summary>
internal static class ExecutorLayout
{
    public const ulong Data = 0x1000_0000;
    public const int PageSize = 0x1000;
    public const int Pages = 6;
    public const int DataLength = Pages * PageSize;
    public const ulong Code = 0x3000_0000;
    public const ulong Slot = 0x3000_1000;
    public const ulong Home32 = 0x4000_0000;
    public const ulong Home64 = 0x5000_0000_0000;

    /// <summary>The two pages that can be read and written.</summary>
    public const ulong WritableStart = Data + PageSize;
    public const ulong WritableEnd = WritableStart + (2 * PageSize);

    /// <summary>The page that can only be read.</summary>
    public const ulong ReadOnlyStart = Data + (4 * PageSize);

    public static bool CanRead(ulong address) => CanWrite(address) || address - ReadOnlyStart < PageSize;

    public static bool CanWrite(ulong address) => address - WritableStart < 2 * PageSize;
}
