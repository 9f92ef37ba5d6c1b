using System.Threading;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Devices;

/// <summary>A virtio source of random bytes, by the registers of virtio 1.0 (Virtual I/O Device specification 1.2, sections 3.1, 4.1 and 5.4). It is polled.</summary>
internal static unsafe class EntropyDriver
{
    private const ushort Vendor = 0x1AF4;
    private const ushort TransitionalDevice = 0x1005;
    private const ushort ModernDevice = 0x1044;
    private const byte VendorCapability = 0x09;
    private const int CommonKind = 1;
    private const int NotifyKind = 2;

    // The common configuration.
    private const int DriverFeatureSelect = 0x08;
    private const int DriverFeature = 0x0C;
    private const int DeviceStatus = 0x14;
    private const int QueueSelect = 0x16;
    private const int QueueSize = 0x18;
    private const int QueueEnable = 0x1C;
    private const int QueueNotifyOffset = 0x1E;
    private const int QueueDescriptors = 0x20;
    private const int QueueDriver = 0x28;
    private const int QueueDevice = 0x30;
    private const byte Acknowledge = 1;
    private const byte Driver = 2;
    private const byte DriverOk = 4;
    private const byte FeaturesOk = 8;
    private const uint Version1 = 1; // bit 32 of the features

    private const int Entries = 4;
    private const int AvailableOffset = 256;
    private const int UsedOffset = 512;
    private const int BufferOffset = 1024;
    private const int BufferLength = 64;
    private const ushort DeviceWrites = 2;

    private static DeviceMapping s_common;
    private static DeviceMapping s_notify;
    private static uint s_notifyMultiplier;
    private static ulong s_frame;
    private static ushort s_posted;

    public static bool TryStart()
    {
        PciDevice* device = PciBus.Find(Vendor, TransitionalDevice);
        device = device != null ? device : PciBus.Find(Vendor, ModernDevice);
        if (device == null || !TryFind(device, CommonKind, out s_common, out _) || !TryFind(device, NotifyKind, out s_notify, out byte capability))
        {
            return false;
        }

        s_notifyMultiplier = device->Read((byte)(capability + 16));
        device->Driver = DriverKind.Entropy;
        device->Enable();
        s_common.Write8(DeviceStatus, 0);
        s_common.Write8(DeviceStatus, Acknowledge);
        s_common.Write8(DeviceStatus, Acknowledge | Driver);
        s_common.Write32(DriverFeatureSelect, 1);
        s_common.Write32(DriverFeature, Version1);
        s_common.Write8(DeviceStatus, Acknowledge | Driver | FeaturesOk);
        if ((s_common.Read8(DeviceStatus) & FeaturesOk) == 0)
        {
            return false;
        }

        s_frame = FrameAllocator.Allocate();
        s_common.Write16(QueueSelect, 0);
        s_common.Write16(QueueSize, Entries);
        WriteAddress(QueueDescriptors, s_frame);
        WriteAddress(QueueDriver, s_frame + AvailableOffset);
        WriteAddress(QueueDevice, s_frame + UsedOffset);
        s_common.Write16(QueueEnable, 1);
        s_common.Write8(DeviceStatus, Acknowledge | Driver | FeaturesOk | DriverOk);
        return true;
    }

    public static void Stop()
    {
        s_common.Write8(DeviceStatus, 0);
        s_common.Unmap();
        s_notify.Unmap();
    }

    /// <returns>Whether the device filled two buffers, and not with zeroes.</returns>
    public static bool Work() => TryFill() && TryFill();

    private static bool TryFill()
    {
        byte* page = DirectMap.At(s_frame);
        *(ulong*)page = s_frame + BufferOffset;
        *(uint*)(page + 8) = BufferLength;
        *(ushort*)(page + 12) = DeviceWrites;
        *(ushort*)(page + AvailableOffset + 4 + (2 * (s_posted % Entries))) = 0;
        s_posted++;
        Volatile.Write(ref *(int*)(page + AvailableOffset), s_posted << 16);
        ushort offset = s_common.Read16(QueueNotifyOffset);
        s_notify.Write16((int)(offset * s_notifyMultiplier), 0);
        for (int i = 0; i < 1000; i++)
        {
            // The lower half of the word are flags, the upper one counts what was used.
            if ((ushort)(Volatile.Read(ref *(int*)(page + UsedOffset)) >> 16) == s_posted)
            {
                ulong any = 0;
                for (int at = 0; at < BufferLength; at += 8)
                {
                    any |= *(ulong*)(page + BufferOffset + at);
                }

                return any != 0;
            }

            Scheduler.Sleep(10);
        }

        return false;
    }

    private static bool TryFind(PciDevice* device, int kind, out DeviceMapping mapping, out byte capability)
    {
        mapping = default;
        capability = device->FindCapability(VendorCapability, 0);
        for (; capability != 0; capability = device->FindCapability(VendorCapability, capability))
        {
            if ((device->Read(capability) >> 24) == kind)
            {
                int region = (int)(device->Read((byte)(capability + 4)) & 0xFF);
                uint offset = device->Read((byte)(capability + 8));
                device->Enable();
                mapping = DeviceMapping.Map(device->MemoryOf(region) + offset, device->Read((byte)(capability + 12)));
                return true;
            }
        }

        return false;
    }

    private static void WriteAddress(int offset, ulong address)
    {
        s_common.Write32(offset, (uint)address);
        s_common.Write32(offset + 4, (uint)(address >> 32));
    }

}
