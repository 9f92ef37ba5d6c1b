using Haltpoint.Linux.Symbols;
using Xunit;

namespace Haltpoint.Linux.Tests.Symbols;

public class DemanglerTests
{
    // Symbols of programs built by g++ and rustc; what binutils' nm -C makes of them is the expected text.
    [Theory]
    [InlineData("counter", "counter")]
    [InlineData("_ZN3app7Account7depositEi", "app::Account::deposit(int)")]
    [InlineData("_ZN3app5totalE", "app::total")]
    [InlineData("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad")]
    [InlineData("_ZN50_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$Trait$GT$2go17h0123456789abcdefE", "<alloc::vec::Vec<T> as Trait>::go")]
    [InlineData("_RNvNtCs6GmmlP4bgsG_1r5inner7COUNTER", "r::inner::COUNTER")]
    [InlineData("_RNvCs6GmmlP4bgsG_1r4main", "r::main")]
    [InlineData("_RINvMNtCs6GmmlP4bgsG_1r5innerINtB3_1ShE3putNCNvB5_4main0EB5_", "<r::inner::S<u8>>::put::<r::main::{closure#0}>")]
    [InlineData("_RNvNtNtCsjrHSEGnQ3l9_3std6thread11main_thread4MAIN.0", "std::thread::main_thread::MAIN")]
    [InlineData("_R", "_R")]
    [InlineData("_RNvB_", "_RNvB_")]
    [InlineData("_RIB0_E", "_RIB0_E")]
    [InlineData("_Znonsense!", "_Znonsense!")]
    public void Names_read_as_they_were_written(string mangled, string expected) =>
        Assert.Equal(expected, Demangler.Demangle(mangled));
}
