using System.Net;
using System.Net.Sockets;

namespace Haltpoint.Ring0.Tests;

internal static class FreePort
{
    /// <summary>A port of loopback that nobody listens on at the moment.</summary>
    public static int Find()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
