using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>A stream of HTTP/2 that becomes a WebSocket (RFC 8441).</summary>
internal sealed class PartingConnect(IHttpExtendedConnectFeature inner, Action<PartingStream> begun) : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;

    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync()
    {
        var stream = new PartingStream(await inner.AcceptAsync());
        begun(stream);
        return stream;
    }
}
