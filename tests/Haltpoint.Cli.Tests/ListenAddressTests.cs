using Haltpoint.Linux.Serving;
using Xunit;

namespace Haltpoint.Cli.Tests;

public class ListenAddressTests
{
    [Theory]
    [InlineData(":1234", "", "1234")]
    [InlineData("localhost:0", "localhost", "0")]
    [InlineData("127.0.0.1:1", "127.0.0.1", "1")]
    [InlineData("[::1]:1", "::1", "1")]
    [InlineData("::1:1", "::1", "1")]
    [InlineData("[fe80::1%eth0]:9", "fe80::1%eth0", "9")]
    [InlineData("tcp8:123:1", "tcp8:123", "1")]
    public void Tcp_addresses_end_in_a_port(string text, string host, string port)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal((ListenKind.Tcp, host, port), (address!.Kind, address.Host, address.Port));
    }

    [Theory]
    [InlineData("-", ListenKind.StandardStreams, "")]
    [InlineData("stdio", ListenKind.StandardStreams, "")]
    [InlineData("unix:/tmp/x", ListenKind.UnixSocket, "/tmp/x")]
    [InlineData("unix:x:y", ListenKind.UnixSocket, "x:y")]
    [InlineData("/dev/ttyS0", ListenKind.Device, "/dev/ttyS0")]
    [InlineData("1234", ListenKind.Device, "1234")]
    public void Other_addresses_have_a_path_or_nothing(string text, ListenKind kind, string path)
    {
        Assert.True(ListenAddress.TryParse(text, out ListenAddress? address, out _));
        Assert.Equal((kind, path), (address!.Kind, address.Path));
    }

    [Theory]
    [InlineData("[::1:1", "Missing close bracket in hostname '[::1:1'")]
    [InlineData("[::1]x:1", "Invalid cruft after close bracket in '[::1]x:1'")]
    [InlineData("tcp6:[::1]:0", "Missing open bracket in hostname 'tcp6:[::1]:0'")]
    [InlineData("localhost:65536", "'65536' is no port: use 0 (any free one) to 65535")]
    public void Brackets_must_match(string text, string message)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out string error));
        Assert.Equal(message, error);
    }
}
