using System;
using System.Threading;
using Haltpoint.Ring0.Cpus;
using Haltpoint.Ring0.Interrupts;
using Haltpoint.Ring0.Memory;
using Haltpoint.Ring0.Shell;
using Haltpoint.Ring0.Threads;

namespace Haltpoint.Ring0.Devices;

/// <summary>QEMU's device for teaching (docs/specs/edu.txt of QEMU): computes factorials, makes interrupts, copies memory.</summary>
internal static unsafe class EduDriver
{
    public const ushort Vendor = 0x1234;
    public const ushort Device = 0x11E8;

    public const int Source = 0x80;
    public const int Destination = 0x88;

    private const int Identity = 0x00;
    private const int Liveness = 0x04;
    private const int Factorial = 0x08;
    private const int Status = 0x20;
    private const int InterruptStatus = 0x24;
    private const int RaiseInterrupt = 0x60;
    private const int Acknowledge = 0x64;
    private const int Count = 0x90;
    private const int Command = 0x98;

    private const uint IsComputing = 1;
    private const uint InterruptWhenComputed = 0x80;
    private const ulong Start = 1;
    private const ulong FromDevice = 2;
    private const ulong InterruptWhenCopied = 4;
    private const uint CopiedInterrupt = 0x100;
    private const uint ComputedInterrupt = 1;
    private const ulong DeviceBuffer = 0x4_0000;
    private const int CopyLength = 256;

    private static DeviceMapping s_mapping;
    private static int s_interrupts;

    public static DeviceMapping Mapping => s_mapping;

    /// <returns>False when the machine has no such device.</returns>
    public static bool TryStart()
    {
        PciDevice* device = PciBus.Find(Vendor, Device);
        if (device == null)
        {
            return false;
        }

        device->Driver = DriverKind.Edu;
        device->Enable();
        s_mapping = DeviceMapping.Map(device->MemoryOf(0), device->SizeOf(0));
        device->TrySendInterrupts(Vectors.Edu, CpuTable.At(0)->ApicId);
        return true;
    }

    public static void Stop() => s_mapping.Unmap();

    /// <summary>The device's interrupt: it holds the line until it is told which of its reasons have been seen.</summary>
    public static void Interrupt()
    {
        uint status = s_mapping.Read32(InterruptStatus);
        s_mapping.Write32(Acknowledge, status);
        Interlocked.Exchange(ref s_interrupts, s_interrupts | (int)status);
    }

    /// <summary>Uses all that the device can do.</summary>
    /// <returns>Whether everything was right.</returns>
    public static bool Work()
    {
        bool isRight = (s_mapping.Read32(Identity) & 0xFF) == 0xED;
        s_mapping.Write32(Liveness, 0x1234_5678);
        isRight &= s_mapping.Read32(Liveness) == ~0x1234_5678u;
        s_mapping.Write32(Status, InterruptWhenComputed);
        s_mapping.Write32(Factorial, 10);
        isRight &= WaitFor(ComputedInterrupt);
        isRight &= (s_mapping.Read32(Status) & IsComputing) == 0;
        isRight &= s_mapping.Read32(Factorial) == 3_628_800;
        s_mapping.Write32(RaiseInterrupt, 0x40);
        isRight &= WaitFor(0x40);
        return isRight && Copy();
    }

    private static bool Copy()
    {
        ulong frame = FrameAllocator.Allocate();
        byte* bytes = DirectMap.At(frame);
        for (int i = 0; i < CopyLength; i++)
        {
            bytes[i] = (byte)(i ^ 0x5A);
        }

        Transfer(frame, DeviceBuffer, Start | InterruptWhenCopied);
        bool isRight = WaitFor(CopiedInterrupt);
        Transfer(DeviceBuffer, frame + CopyLength, Start | FromDevice | InterruptWhenCopied);
        isRight &= WaitFor(CopiedInterrupt);
        isRight &= new ReadOnlySpan<byte>(bytes, CopyLength).SequenceEqual(new ReadOnlySpan<byte>(bytes + CopyLength, CopyLength));
        FrameAllocator.Free(frame);
        return isRight;
    }

    private static void Transfer(ulong from, ulong to, ulong command)
    {
        s_mapping.Write64(Source, from);
        s_mapping.Write64(Destination, to);
        s_mapping.Write64(Count, CopyLength);
        s_mapping.Write64(Command, command);
    }

    private static bool WaitFor(uint reason)
    {
        const int Patience = 1000;
        for (int i = 0; i < Patience; i++)
        {
            if ((Volatile.Read(ref s_interrupts) & (int)reason) != 0)
            {
                Interlocked.Exchange(ref s_interrupts, 0);
                return true;
            }

            Scheduler.Sleep(10);
        }

        Commands.Print($"edu: no interrupt {(ulong)reason:x}\r\n");
        return false;
    }
}
