using System;
using System.Globalization;
using System.Net;

namespace Haltpoint.Linux.Objects.OsData;

internal static class SocketTable
{
    // By the kernel's number (net/tcp_states.h).
    private static readonly string[] s_states =
    [
        "", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING",
    ];

    public static byte[] Read()
    {
        OsDataTable table = new("sockets");
        Add(table, "/proc/net/tcp", "INET", "STREAM");
        Add(table, "/proc/net/udp", "INET", "DGRAM");
        Add(table, "/proc/net/tcp6", "INET6", "STREAM");
        Add(table, "/proc/net/udp6", "INET6", "DGRAM");
        return table.ToBytes();
    }

    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid ...
    private static void Add(OsDataTable table, string path, string family, string protocol)
    {
        foreach (string[] words in ProcLines.Words(path, 1, 8))
        {
            IPEndPoint local = Parse(words[1]);
            IPEndPoint remote = Parse(words[2]);
            int state = int.Parse(words[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            table.Row()
                .Column("local address", local.Address.ToString())
                .Column("local port", local.Port)
                .Column("remote address", remote.Address.ToString())
                .Column("remote port", remote.Port)
                .Column("state", state < s_states.Length ? s_states[state] : words[3])
                .Column("user", Accounts.User(words[7]))
                .Column("family", family)
                .Column("protocol", protocol)
                .EndRow();
        }
    }

    /// <summary>The address is printed as 32-bit words in the machine's byte order, the port as a number.</summary>
    private static IPEndPoint Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        byte[] address = Convert.FromHexString(text.AsSpan(0, colon));
        for (int i = 0; i < address.Length; i += 4)
        {
            address.AsSpan(i, 4).Reverse();
        }

        return new IPEndPoint(new IPAddress(address), int.Parse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
