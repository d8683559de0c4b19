using System.Net.Sockets;
using OrleansLb.Probes;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>The network of one silo's probes, which can be cut.</summary>
internal sealed class SwitchableHandler() : DelegatingHandler(HttpProbe.CreateHandler())
{
    private int _sent;

    public volatile bool IsCut;

    public int Sent => Volatile.Read(ref _sent);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        return IsCut
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, inner: new SocketException((int)SocketError.ConnectionRefused))
            : base.SendAsync(request, cancellationToken);
    }
}
