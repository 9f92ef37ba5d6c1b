using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Haltpoint.Cli.Tests.Live;
using Xunit;

namespace Haltpoint.Cli.Tests.Trace;

/// <summary>Registers of real devices: what the trace says against what QEMU's devices saw.</summary>
public partial class DeviceTraceTests
{
    // The program runs alone first: that is what its accesses are when nobody traces them.
    private const string Script = """
        #!/bin/sh
        for device in /sys/bus/pci/devices/*; do
            case $(cat $device/vendor)$(cat $device/device) in
                0x12340x11e8) edu=$device ;;
                0x1af40x1044) virtio=$device ;;
            esac
        done
        echo 1 >$edu/enable
        echo 1 >$virtio/enable
        set -e
        /device $edu/resource0 $virtio/resource4 >/tmp/alone
        /haltpoint/haltpoint trace --map '*resource?' --output mmiotrace --values --save /tmp/log -- /device $edu/resource0 $virtio/resource4 >/tmp/traced
        cmp /tmp/alone /tmp/traced
        cat /tmp/log >/out
        """;

    private readonly record struct Access(bool IsWrite, int Width, ulong Address, ulong Value);

    [Fact]
    public void The_log_of_a_device_is_what_the_device_saw_access_by_access()
    {
        string seen = Path.GetTempFileName();
        try
        {
            int status = LinuxGuest.Run(
                Script,
                [$"{Programs.Build("device", "-static", "-O1")}:/device"],
                ["-device", "edu", "-device", "virtio-rng-pci,disable-legacy=on", "-trace", "memory_region_ops_read", "-trace", "memory_region_ops_write", "-D", seen],
                out string log,
                out string console);
            Assert.True(status == 0, console);

            List<Access> devices = [.. File.ReadLines(seen).Where(IsOfDevice).Select(ReadEmulator)];
            List<Access> traced = [.. log.Split('\n').Where(IsAccess).Select(ReadLog)];
            Assert.True(traced.Count > 60, log);
            Assert.Equal(2 * traced.Count, devices.Count);
            Assert.Equal(devices[..traced.Count], devices[traced.Count..]);
            Assert.Equal(devices[traced.Count..], traced);

            // Facts G-53 and G-54.
            Assert.Equal("VERSION 20070824", log.Split('\n')[0]);
            Assert.Matches("(?m)^PCIDEV [0-9a-f]{4} 123411e8 ", log);
            Assert.Matches(@"(?m)^MAP \d+\.\d{6} 1 0x[0-9a-f]+000 0x7[0-9a-f]+000 0x100000 0x0 \d+$", log);
            Assert.DoesNotContain("UNKNOWN", log, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(seen);
        }
    }

    private static bool IsOfDevice(string line) =>
        line.Contains("name 'edu-mmio'", StringComparison.Ordinal) || line.Contains("name 'virtio-pci-", StringComparison.Ordinal);

    private static bool IsAccess(string line) => line.StartsWith("R ", StringComparison.Ordinal) || line.StartsWith("W ", StringComparison.Ordinal);

    // memory_region_ops_read cpu 0 mr 0x5 addr 0xfea00000 value 0x10000ed size 4 name 'edu-mmio'
    private static Access ReadEmulator(string line)
    {
        GroupCollection words = EmulatorLine().Match(line).Groups;
        int width = int.Parse(words[4].Value, CultureInfo.InvariantCulture);
        // A value is not cut to the width of the access.
        ulong mask = ulong.MaxValue >> (64 - (8 * width));
        return new Access(words[1].Value == "write", width, Number(words[2].Value), Number(words[3].Value) & mask);
    }

    private static Access ReadLog(string line)
    {
        string[] words = line.Split(' ');
        return new Access(words[0] == "W", int.Parse(words[1], CultureInfo.InvariantCulture), Number(words[4][2..]), Number(words[5][2..]));
    }

    private static ulong Number(string digits) => ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex("memory_region_ops_(read|write) .* addr 0x([0-9a-f]+) value 0x([0-9a-f]+) size ([0-9]+) ")]
    private static partial Regex EmulatorLine();
}
