using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.Tasks;

/// <summary>The programs that are part of the image: eng/link-ring0 compiles Programs/*.c and makes the table.</summary>
internal static unsafe class Programs
{
    public static int Count
    {
        get
        {
            int count = 0;
            while (Table()[count].Name != null)
            {
                count++;
            }

            return count;
        }
    }

    public static ReadOnlySpan<byte> NameOf(int index)
    {
        byte* name = Table()[index].Name;
        int length = 0;
        while (name[length] != 0)
        {
            length++;
        }

        return new ReadOnlySpan<byte>(name, length);
    }

    /// <returns>An ELF file; empty when there is none of this name.</returns>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (name.SequenceEqual(NameOf(i)))
            {
                return new ReadOnlySpan<byte>(Table()[i].Start, (int)(Table()[i].End - Table()[i].Start));
            }
        }

        return default;
    }

    [RuntimeImport("*", "user_programs_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern Program* Table();

    private struct Program
    {
        public byte* Name;
        public byte* Start;
        public byte* End;
    }
}
