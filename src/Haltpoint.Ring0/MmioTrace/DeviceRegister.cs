using System.Runtime;
using System.Runtime.CompilerServices;

namespace Haltpoint.Ring0.MmioTrace;

/// <summary>Copies from and to a device in accesses as wide as the processor's own would be.</summary>
internal static unsafe class DeviceRegister
{
    private const int Widest = 16;

    public static void Copy(byte* to, byte* from, int size)
    {
        for (int done = 0; done < size;)
        {
            int width = Widest;
            while (width > size - done)
            {
                width /= 2;
            }

            Move(to + done, from + done, width);
            done += width;
        }
    }

    [RuntimeImport("*", "trace_move")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Move(byte* to, byte* from, int width);
}
