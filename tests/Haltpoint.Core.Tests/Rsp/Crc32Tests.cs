using Haltpoint.Rsp;
using Xunit;

namespace Haltpoint.Core.Tests.Rsp;

public class Crc32Tests
{
    // The check value that catalogues of CRCs list for this polynomial, start and order (CRC-32/MPEG-2).
    [Fact]
    public void It_gives_the_check_value()
    {
        Crc32 sum = new();
        sum.Add("1234"u8);
        sum.Add(default);
        sum.Add("56789"u8);
        Assert.Equal(0x0376E6E7u, sum.Value);
    }
}
