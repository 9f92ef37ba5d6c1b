using Haltpoint.Linux.Symbols;
using Haltpoint.Linux.Tracing;
using Xunit;

namespace Haltpoint.Linux.Tests.Tracing;

/// <summary>What the kernel's files tell of devices and mappings, in lines that a kernel wrote.</summary>
public class DeviceFilesTests
{
    [Fact]
    public void A_line_of_the_bus_is_place_identity_interrupt_regions_and_driver()
    {
        const string Line = "0020\t123411e8\tb\t        fea00000\t               0\t               0\t               0\t               0\t               0\t               0"
            + "\t          100000\t               0\t               0\t               0\t               0\t               0\t               0\tuio_pci_generic";
        Assert.True(PciDevice.TryParse(Line, out PciDevice? device));
        Assert.Equal((0x20, 0x123411e8u, 0xb, "uio_pci_generic"), (device!.Place, device.Identity, device.Interrupt, device.Driver));
        Assert.Equal((0xfea00000ul, 0x100000ul), (device.Starts[0], device.Sizes[0]));
        Assert.False(PciDevice.TryParse("0020\t123411e8", out _));
        Assert.False(PciDevice.TryParse(Line.Replace("fea", "xyz", System.StringComparison.Ordinal), out _));
    }

    [Fact]
    public void A_region_starts_where_its_line_says()
    {
        const string Text = "0x00000000fea00000 0x00000000feafffff 0x0000000000040200\n0x0000000000000000 0x0000000000000000 0x0000000000000000\n";
        Assert.Equal(0xfea00000ul, PhysicalAddresses.RegionStart(Text, 0));
        Assert.Null(PhysicalAddresses.RegionStart(Text, 1));
        Assert.Null(PhysicalAddresses.RegionStart(Text, 7));
    }

    [Theory]
    [InlineData("[heap]", "[heap]", true)]
    [InlineData("[heap]", "[stack]", false)]
    [InlineData("[anon]", "", true)]
    [InlineData("data.bin", "/tmp/data.bin", true)]
    [InlineData("data.bin", "/tmp/data.bin.old", false)]
    [InlineData("data*", "/tmp/data.bin.old", true)]
    [InlineData("*/resource0", "/sys/devices/pci0000:00/0000:00:04.0/resource0", true)]
    [InlineData("*resource?", "/sys/devices/pci0000:00/0000:00:04.0/resource4", true)]
    [InlineData("*resource?", "/sys/devices/pci0000:00/0000:00:04.0/resource0_wc", false)]
    [InlineData("/dev/uio0", "/dev/uio0", true)]
    [InlineData("/dev/uio0", "/mnt/dev/uio0", false)]
    [InlineData("uio?", "/dev/uio0", true)]
    public void A_pattern_is_a_path_a_file_name_or_what_the_kernel_calls_it(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new MappingPattern(pattern).Matches(new Mapping { Path = path }));
}
