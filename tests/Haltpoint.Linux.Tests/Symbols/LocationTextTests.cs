using Haltpoint.Linux.Symbols;
using Xunit;

namespace Haltpoint.Linux.Tests.Symbols;

public class LocationTextTests
{
    [Theory]
    [InlineData("counter", null, null, "counter", 0)]
    [InlineData("counter+8", null, null, "counter", 8)]
    [InlineData("counter + 0x10", null, null, "counter", 16)]
    [InlineData("main.c:counter", null, "main.c", "counter", 0)]
    [InlineData("src/main.c:counter+4", null, "src/main.c", "counter", 4)]
    [InlineData("libc.so.6:environ", "libc.so.6", null, "environ", 0)]
    [InlineData("app::total", null, null, "app::total", 0)]
    [InlineData("lib.rs:COUNTER", null, "lib.rs", "COUNTER", 0)]
    [InlineData("libx.so:app::total", "libx.so", null, "app::total", 0)]
    public void A_symbol_may_name_its_library_or_file_and_an_offset(string text, string? module, string? file, string symbol, int offset)
    {
        Assert.True(LocationText.TryParse(text, out LocationText location));
        Assert.Null(location.Address);
        Assert.Equal((module, file, symbol, (ulong)offset), (location.Module, location.File, location.Symbol, location.Offset));
    }

    [Theory]
    [InlineData("0x7fff0010", 0x7fff0010)]
    [InlineData("4096", 4096)]
    [InlineData("0x1000+16", 0x1010)]
    public void An_address_is_a_number(string text, ulong address)
    {
        Assert.True(LocationText.TryParse(text, out LocationText location));
        Assert.Equal(address, location.Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":x")]
    [InlineData("main.c:")]
    [InlineData("two words")]
    public void Anything_else_is_refused(string text) => Assert.False(LocationText.TryParse(text, out _));
}
