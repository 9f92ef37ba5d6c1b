using System;
using System.IO;
using Haltpoint.Linux.Symbols;

namespace Haltpoint.Linux.Watching;

/// <summary>Which caller of the kernel a person means.</summary>
internal static class CallerNames
{
    /// <summary>The innermost frame with a source line outside of the C library, which makes the system calls for everybody.</summary>
    public static CodeFrame Nearest(CodeFrame[] frames)
    {
        foreach (CodeFrame frame in frames)
        {
            if (frame.File is not null && frame.Module is not null && !IsCLibrary(Path.GetFileName(frame.Module)))
            {
                return frame;
            }
        }

        return frames[0];
    }

    private static bool IsCLibrary(string module) =>
        module.StartsWith("libc.", StringComparison.Ordinal) || module.StartsWith("libc-", StringComparison.Ordinal)
        || module.StartsWith("ld-", StringComparison.Ordinal) || module.StartsWith("libpthread", StringComparison.Ordinal);
}
