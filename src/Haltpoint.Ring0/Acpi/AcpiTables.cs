using System;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Memory;

namespace Haltpoint.Ring0.Acpi;

/// <summary>Finds tables by their signature (ACPI specification 6.5, sections 5.2.5 to 5.2.8). On the boot code's page tables, which map the first 4 GiB.</summary>
internal static unsafe class AcpiTables
{
    public const int HeaderLength = 36;

    private const int RootPointerLength = 20;

    /// <param name="rootPointer">Physical address of the RSDP.</param>
    /// <returns>Empty when there is none, or its sum is wrong.</returns>
    public static ReadOnlySpan<byte> Find(ulong rootPointer, ReadOnlySpan<byte> signature)
    {
        if (rootPointer == 0)
        {
            return default;
        }

        byte* pointer = DirectMap.At(rootPointer);
        if (!new ReadOnlySpan<byte>(pointer, 8).SequenceEqual("RSD PTR "u8) || !HasRightSum(new ReadOnlySpan<byte>(pointer, RootPointerLength)))
        {
            return default;
        }

        // From revision 2 on the list has 64-bit addresses.
        bool isWide = pointer[15] >= 2 && Unsafe.ReadUnaligned<ulong>(pointer + 24) != 0;
        ulong list = isWide ? Unsafe.ReadUnaligned<ulong>(pointer + 24) : Unsafe.ReadUnaligned<uint>(pointer + 16);
        ReadOnlySpan<byte> entries = At(list)[HeaderLength..];
        int width = isWide ? sizeof(ulong) : sizeof(uint);
        fixed (byte* first = entries)
        {
            for (int offset = 0; offset + width <= entries.Length; offset += width)
            {
                ReadOnlySpan<byte> table = At(isWide ? Unsafe.ReadUnaligned<ulong>(first + offset) : Unsafe.ReadUnaligned<uint>(first + offset));
                if (table.StartsWith(signature) && HasRightSum(table))
                {
                    return table;
                }
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> At(ulong address)
    {
        byte* table = DirectMap.At(address);
        return new ReadOnlySpan<byte>(table, Math.Max(HeaderLength, Unsafe.ReadUnaligned<int>(table + 4)));
    }

    private static bool HasRightSum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum == 0;
    }
}
