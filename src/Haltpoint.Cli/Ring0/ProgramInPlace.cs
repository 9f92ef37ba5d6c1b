using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Haltpoint.Linux.Interop;
using Haltpoint.Linux.Serving;

namespace Haltpoint.Cli.Ring0;

/// <summary>Becomes another program, so that terminal, signals and exit status are that program's own.</summary>
internal static unsafe class ProgramInPlace
{
    /// <summary>The next program will read nothing.</summary>
    public static void CloseInput()
    {
        fixed (byte* path = "/dev/null\0"u8)
        {
            int file = Libc.Open(path, Libc.OpenReadOnly, 0);
            if (file < 0 || Libc.Duplicate(file, 0) < 0)
            {
                throw new ServingException($"cannot open /dev/null: {SystemError.Last()}");
            }
        }
    }

    /// <summary>Returns never.</summary>
    [DoesNotReturn]
    public static void Become(string program, IReadOnlyList<string> arguments)
    {
        nint* words = stackalloc nint[arguments.Count + 2];
        words[0] = Marshal.StringToCoTaskMemUTF8(program);
        for (int i = 0; i < arguments.Count; i++)
        {
            words[i + 1] = Marshal.StringToCoTaskMemUTF8(arguments[i]);
        }

        words[arguments.Count + 1] = 0;
        Libc.Execute((byte*)words[0], (byte**)words);
        int error = Marshal.GetLastPInvokeError();
        throw new ServingException(error == Errno.ENOENT
            ? $"{program} is not installed: eng/setup ring0 installs what is missing"
            : $"cannot execute {program}: {SystemError.Text(error)}");
    }
}
