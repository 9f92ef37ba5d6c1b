using System.Runtime;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Interrupts;

namespace Haltpoint.Ring0.Memory;

/// <summary>Copies from and to addresses that may not be there. Usable on every CPU in every context, in the NMI handler too.</summary>
internal static unsafe class SafeMemory
{
    /// <summary>Copies as much as is there.</summary>
    /// <returns>Bytes copied before the first that cannot be read or written.</returns>
    [RuntimeImport("*", "safe_copy")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    public static extern ulong Copy(void* destination, void* source, ulong length);

    /// <summary>Writes, also where the kernel itself may only read: such a page is reached through the direct map.</summary>
    /// <returns>Bytes written before the first that cannot be.</returns>
    public static ulong Write(ulong address, byte* source, ulong length)
    {
        ulong written = 0;
        while (written < length)
        {
            ulong target = address + written;
            ulong part = System.Math.Min(length - written, PageTables.PageSize - (target & (PageTables.PageSize - 1)));
            byte* destination = (byte*)target;
            if (PageTables.TryTranslate(target, out ulong physical, out PageFlags flags) && (flags & PageFlags.Writable) == 0)
            {
                destination = DirectMap.At(physical);
            }

            ulong copied = Copy(destination, source + written, part);
            written += copied;
            if (copied < part)
            {
                break;
            }
        }

        return written;
    }

    /// <summary>Sends a fault of <see cref="Copy"/> to its end.</summary>
    public static bool TryMend(InterruptFrame* frame)
    {
        if (frame->Vector is not (Vectors.PageFault or Vectors.GeneralProtection) || frame->Rip != CopyInstruction())
        {
            return false;
        }

        frame->Rip = CopyEnd();
        return true;
    }

    [RuntimeImport("*", "safe_copy_instruction_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong CopyInstruction();

    [RuntimeImport("*", "safe_copy_end_address")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong CopyEnd();
}
