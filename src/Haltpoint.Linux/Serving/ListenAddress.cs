using System;
using System.Globalization;

namespace Haltpoint.Linux.Serving;

/// <summary>Where to wait for a client, as a person writes it: gdbserver's COMM with Unix sockets added.</summary>
public sealed class ListenAddress
{
    private const string UnixPrefix = "unix:";

    private ListenAddress(ListenKind kind, string text, string host = "", string port = "", string path = "")
    {
        Kind = kind;
        Text = text;
        Host = host;
        Port = port;
        Path = path;
    }

    public ListenKind Kind { get; }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Name or number without brackets; empty when only a port was given.</summary>
    public string Host { get; }

    /// <summary>Number or service name; "0" lets the system choose.</summary>
    public string Port { get; }

    /// <summary>Of the socket or device.</summary>
    public string Path { get; }

    /// <summary>Takes apart <c>HOST:PORT</c>, <c>[V6]:PORT</c>, <c>:PORT</c>, <c>unix:PATH</c>, a path, <c>-</c> or <c>stdio</c>.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="address">The parts.</param>
    /// <param name="error">One line, gdbserver's own where it has one.</param>
    /// <remarks>There are no <c>tcp:</c> prefixes on a server's side (gdbserver knows none): they are host names that no one resolves.</remarks>
    public static bool TryParse(string text, out ListenAddress? address, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = "";
        address = text switch
        {
            "-" or "stdio" => new(ListenKind.StandardStreams, text),
            _ when text.StartsWith(UnixPrefix, StringComparison.Ordinal) && text.Length > UnixPrefix.Length =>
                new(ListenKind.UnixSocket, text, path: text[UnixPrefix.Length..]),
            _ when !text.Contains(':', StringComparison.Ordinal) => new(ListenKind.Device, text, path: text),
            _ => null,
        };
        return address is not null || TryParseTcp(text, out address, out error);
    }

    private static bool TryParseTcp(string text, out ListenAddress? address, out string error)
    {
        address = null;
        error = "";
        int colon = text.LastIndexOf(':');
        string host = text[..colon];
        if (text[0] == '[')
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                error = $"Missing close bracket in hostname '{text}'";
            }
            else if (close + 1 != colon)
            {
                error = $"Invalid cruft after close bracket in '{text}'";
            }

            host = close < 0 ? "" : text[1..close];
        }
        else if (host.Contains(']', StringComparison.Ordinal))
        {
            error = $"Missing open bracket in hostname '{text}'";
        }

        // getaddrinfo takes any number as a service and keeps its low 16 bits: the server would listen somewhere else.
        string port = text[(colon + 1)..];
        if (error.Length == 0 && ulong.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number > ushort.MaxValue)
        {
            error = $"'{port}' is no port: use 0 (any free one) to 65535";
        }

        if (error.Length > 0)
        {
            return false;
        }

        address = new ListenAddress(ListenKind.Tcp, text, host, port);
        return true;
    }
}
