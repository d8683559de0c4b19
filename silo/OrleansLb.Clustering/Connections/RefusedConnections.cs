using System.Net;
using System.Threading.Channels;

namespace OrleansLb.Clustering.Connections;

/// <summary>Where other silos should listen and a machine said that nobody does. Whoever connects must not wait for what follows of that.</summary>
internal sealed class RefusedConnections
{
    /// <summary>Connections are tried several times a second, so what is told while there is no room is told again.</summary>
    private const int Capacity = 64;

    private readonly Channel<IPEndPoint> _told = Channel.CreateBounded<IPEndPoint>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Tells that a connection was refused.</summary>
    /// <param name="endpoint">Where to.</param>
    public void Tell(EndPoint endpoint)
    {
        if (endpoint is IPEndPoint address)
            _told.Writer.TryWrite(address);
    }

    /// <summary>What is told from now on.</summary>
    public IAsyncEnumerable<IPEndPoint> ReadAll(CancellationToken cancellationToken) => _told.Reader.ReadAllAsync(cancellationToken);
}
