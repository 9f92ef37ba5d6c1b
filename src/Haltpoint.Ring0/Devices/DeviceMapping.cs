using System.Runtime;
using System.Runtime.CompilerServices;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.MmioTrace;

namespace Haltpoint.Ring0.Devices;

/// <summary>A driver's way to the registers of its device. While the tracer is on, what is mapped is traced from its first access on.</summary>
internal unsafe struct DeviceMapping
{
    private ulong _length;
    private int _traceId;

    /// <summary>Where the first register is.</summary>
    public byte* Registers { get; private set; }

    /// <summary>From a thread that holds no lock.</summary>
    public static DeviceMapping Map(ulong physicalAddress, ulong length)
    {
        DeviceMapping mapping = new() { _length = length, Registers = DeviceArea.Map(physicalAddress, length) };
        if (Tracer.IsOn && Tracer.Add((ulong)mapping.Registers, length, out int id) == TraceStatus.Ok)
        {
            mapping._traceId = id;
        }

        return mapping;
    }

    /// <summary>Registers that somebody has mapped, and will unmap, beside the tracer.</summary>
    public static DeviceMapping Untraced(byte* registers) => new() { Registers = registers };

    /// <summary>From a thread that holds no lock; nobody uses the registers any more.</summary>
    public void Unmap()
    {
        if (_traceId != 0)
        {
            Tracer.Remove(_traceId);
        }

        DeviceArea.Unmap(Registers, _length);
        Registers = null;
    }

    public readonly byte Read8(int offset) => Load8(Registers + offset);

    public readonly void Write8(int offset, byte value) => Store8(Registers + offset, value);

    public readonly ushort Read16(int offset) => Load16(Registers + offset);

    public readonly void Write16(int offset, ushort value) => Store16(Registers + offset, value);

    public readonly uint Read32(int offset) => Load32(Registers + offset);

    public readonly void Write32(int offset, uint value) => Store32(Registers + offset, value);

    public readonly ulong Read64(int offset) => Load64(Registers + offset);

    public readonly void Write64(int offset, ulong value) => Store64(Registers + offset, value);

    [RuntimeImport("*", "register_load8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern byte Load8(byte* address);

    [RuntimeImport("*", "register_store8")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Store8(byte* address, byte value);

    [RuntimeImport("*", "register_load16")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ushort Load16(byte* address);

    [RuntimeImport("*", "register_store16")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Store16(byte* address, ushort value);

    [RuntimeImport("*", "register_load32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern uint Load32(byte* address);

    [RuntimeImport("*", "register_store32")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Store32(byte* address, uint value);

    [RuntimeImport("*", "register_load64")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong Load64(byte* address);

    [RuntimeImport("*", "register_store64")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Store64(byte* address, ulong value);
}
