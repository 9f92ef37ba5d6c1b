using System.Text;
using Haltpoint.Linux.Interop;

namespace Haltpoint.Linux.Serving;

/// <summary>Asks the kernel for a <see cref="FileKind"/>.</summary>
internal static unsafe class FileKinds
{
    // struct stat of x86-64, and S_IFMT with its values (stat(2), inode(7)).
    private const int StatLength = 144;
    private const int ModeOffset = 24;
    private const uint KindMask = 0xf000;

    public static FileKind Of(string path)
    {
        byte* stat = stackalloc byte[StatLength];
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            if (Libc.Stat(name, stat) != 0)
            {
                return FileKind.None;
            }
        }

        return (*(uint*)(stat + ModeOffset) & KindMask) switch
        {
            0x1000 => FileKind.Pipe,
            0x2000 => FileKind.CharacterDevice,
            0xc000 => FileKind.Socket,
            _ => FileKind.Other,
        };
    }
}
