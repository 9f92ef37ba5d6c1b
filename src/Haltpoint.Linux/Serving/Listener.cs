using System;

namespace Haltpoint.Linux.Serving;

/// <summary>Waits for clients, one at a time.</summary>
public abstract class Listener : IDisposable
{
    /// <summary>Prepares an address before the program starts, so that a bad one starts nothing.</summary>
    /// <param name="address">Where.</param>
    /// <param name="opensToAll">An empty or foreign host name means every interface (gdbserver's rule), not loopback.</param>
    /// <exception cref="ServingException">It cannot be used.</exception>
    public static Listener Open(ListenAddress address, bool opensToAll)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Kind switch
        {
            ListenKind.Tcp => new TcpListener(address, opensToAll),
            ListenKind.UnixSocket => new UnixListener(address.Path),
            ListenKind.StandardStreams => new StandardStreams(),
            _ => UnixListener.IsFor(address.Path) ? new UnixListener(address.Path) : new Device(address.Path),
        };
    }

    /// <summary>What <see cref="Accept"/> waits for, or -1 when there is nothing to wait for.</summary>
    public virtual int Descriptor => -1;

    /// <summary>Whether there can be another client after this one.</summary>
    public virtual bool CanReopen => true;

    /// <summary>Standard input and output are the client's: the program must not use them.</summary>
    public virtual bool TakesStandardStreams => false;

    /// <summary>Prints where clients are awaited.</summary>
    public abstract void Announce(ServerConsole console);

    /// <summary>Takes the client that is there.</summary>
    /// <returns>Null when it is gone again.</returns>
    /// <exception cref="ServingException">There is no way to a client.</exception>
    public abstract Connection? Accept(ServerConsole console);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
