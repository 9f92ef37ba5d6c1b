namespace Haltpoint.Rsp;

/// <summary>The sum of a packet's payload bytes, modulo 256.</summary>
public static unsafe class Checksum
{
    private const ulong EvenBytes = 0x00FF_00FF_00FF_00FF;

    public static byte Of(byte* bytes, int count)
    {
        // Four sums of 16 bits; two bytes go into each per round, and only the low eight bits of each are kept.
        ulong lanes = 0;
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            ulong word = *(ulong*)(bytes + i);
            lanes = (lanes + (word & EvenBytes) + ((word >> 8) & EvenBytes)) & EvenBytes;
        }

        uint sum = (uint)((lanes & 0xFFFF) + ((lanes >> 16) & 0xFFFF) + ((lanes >> 32) & 0xFFFF) + (lanes >> 48));
        for (; i < count; i++)
        {
            sum += bytes[i];
        }

        return (byte)sum;
    }
}
