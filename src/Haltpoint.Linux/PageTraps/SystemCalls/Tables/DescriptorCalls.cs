using static Haltpoint.Linux.PageTraps.SystemCalls.Argument;

namespace Haltpoint.Linux.PageTraps.SystemCalls.Tables;

/// <summary>Open files themselves.</summary>
internal static class DescriptorCalls
{
    public static readonly SystemCall[] All =
    [
        new(3, "close", [Value]),
        new(436, "close_range", [Value, Value, Value]),
        new(32, "dup", [Value]),
        new(33, "dup2", [Value, Value]),
        new(292, "dup3", [Value, Value, Value]),
        new(73, "flock", [Value, Value]),
        ControlCalls.Fcntl,
        ControlCalls.Ioctl,
    ];
}
