using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using Haltpoint.Arch.X86;
using Xunit;

namespace Haltpoint.Core.Tests.Arch.X86;

public class RegisterLayoutTests
{
    private const ExtendedFeatures Everything =
        ExtendedFeatures.X87 | ExtendedFeatures.Sse | ExtendedFeatures.Avx | ExtendedFeatures.Avx512 | ExtendedFeatures.Pkru;

    public static TheoryData<bool, ExtendedFeatures, int, int> Layouts => new()
    {
        { true, ExtendedFeatures.X87 | ExtendedFeatures.Sse, 60, 560 },
        { true, ExtendedFeatures.X87 | ExtendedFeatures.Sse | ExtendedFeatures.Avx, 76, 816 },
        { true, Everything & ~ExtendedFeatures.Pkru, 148, 2416 },
        { true, Everything, 149, 2420 },
        { true, Everything & ~ExtendedFeatures.Opmask, 77, 820 },
        { false, ExtendedFeatures.X87 | ExtendedFeatures.Sse, 42, 312 },
        { false, Everything, 67, 312 + 128 + 64 + 256 + 4 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_layout_has_the_registers_of_its_features_without_gaps(bool is64Bit, ExtendedFeatures features, int count, int length)
    {
        RegisterPlace[] places = new RegisterPlace[RegisterLayout.MaxCount];
        Assert.Equal(count, new RegisterLayout(is64Bit, features).Place(places, out int imageLength));
        Assert.Equal(length, imageLength);
        int end = 0;
        foreach (RegisterPlace place in places.Take(count))
        {
            Assert.Equal(end, place.ImageOffset);
            end += place.Length;
        }

        Assert.Equal(length, end);
    }

    // Numbers as gdb 13 prints them for a connection to its own server on a CPU with AVX-512.
    [Theory]
    [InlineData(true, "rax", 0)]
    [InlineData(true, "rsp", 7)]
    [InlineData(true, "rip", 16)]
    [InlineData(true, "gs", 23)]
    [InlineData(true, "fctrl", 32)]
    [InlineData(true, "fop", 39)]
    [InlineData(true, "xmm0", 40)]
    [InlineData(true, "mxcsr", 56)]
    [InlineData(true, "orig_rax", 57)]
    [InlineData(true, "gs_base", 59)]
    [InlineData(true, "ymm0h", 60)]
    [InlineData(true, "xmm16", 76)]
    [InlineData(true, "ymm31h", 107)]
    [InlineData(true, "k0", 108)]
    [InlineData(true, "zmm0h", 116)]
    [InlineData(true, "zmm31h", 147)]
    [InlineData(true, "pkru", 148)]
    [InlineData(false, "eax", 0)]
    [InlineData(false, "ecx", 1)]
    [InlineData(false, "edi", 7)]
    [InlineData(false, "eflags", 9)]
    [InlineData(false, "xmm7", 39)]
    [InlineData(false, "orig_eax", 41)]
    [InlineData(false, "k0", 50)]
    [InlineData(false, "zmm7h", 65)]
    public void The_description_gives_the_usual_numbers(bool is64Bit, string name, int number) =>
        Assert.Equal(number, int.Parse(Register(is64Bit, name).Attribute("regnum")!.Value, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Description_and_places_agree_on_width_and_order(bool is64Bit)
    {
        RegisterPlace[] places = new RegisterPlace[RegisterLayout.MaxCount];
        int count = new RegisterLayout(is64Bit, Everything).Place(places, out _);
        XElement[] registers = [.. Describe(is64Bit, Everything).Descendants("reg")];

        Assert.Equal(count, registers.Length);
        Assert.Equal(Enumerable.Range(0, count), registers.Select(r => (int)r.Attribute("regnum")!));
        Assert.Equal(places.Take(count).Select(p => p.Length * 8), registers.Select(r => (int)r.Attribute("bitsize")!));
        Assert.Equal(count, registers.Select(r => r.Attribute("name")!.Value).Distinct().Count());
    }

    // No two registers overlap in their set, but for the parts of zmm16-31, which must cover it whole.
    [Fact]
    public void Every_byte_of_the_vector_registers_belongs_to_one_register()
    {
        RegisterPlace[] places = new RegisterPlace[RegisterLayout.MaxCount];
        int count = new RegisterLayout(true, Everything).Place(places, out _);
        foreach (IGrouping<RegisterSet, RegisterPlace> set in places.Take(count).GroupBy(p => p.Set))
        {
            int end = 0;
            foreach (RegisterPlace place in set.OrderBy(p => p.SetOffset))
            {
                Assert.True(place.SetOffset >= end, $"{set.Key} {place.SetOffset}");
                end = place.SetOffset + place.Length;
            }

            int expected = set.Key switch
            {
                RegisterSet.General => 27 * 8,
                RegisterSet.Control => 32,
                RegisterSet.Legacy => 416,
                RegisterSet.Avx => 256,
                RegisterSet.Opmask => 64,
                RegisterSet.ZmmHigh => 512,
                RegisterSet.HighZmm => 1024,
                _ => 4,
            };
            Assert.Equal(expected, end);
        }
    }

    [Fact]
    public void A_description_that_does_not_fit_reports_its_length()
    {
        RegisterLayout layout = new(true, Everything);
        int length = TargetDescription.Write(layout, []);
        byte[] whole = new byte[length];
        Assert.Equal(length, TargetDescription.Write(layout, whole));
        byte[] part = new byte[100];
        Assert.Equal(length, TargetDescription.Write(layout, part));
        Assert.Equal(whole.AsSpan(0, 100).ToArray(), part);
    }

    private static XElement Register(bool is64Bit, string name) =>
        Describe(is64Bit, Everything).Descendants("reg").Single(r => r.Attribute("name")!.Value == name);

    private static XDocument Describe(bool is64Bit, ExtendedFeatures features)
    {
        byte[] text = new byte[64 * 1024];
        int length = TargetDescription.Write(new RegisterLayout(is64Bit, features), text);
        string xml = Encoding.UTF8.GetString(text, 0, length);
        return XDocument.Parse(xml.Replace("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">", "", StringComparison.Ordinal));
    }
}
