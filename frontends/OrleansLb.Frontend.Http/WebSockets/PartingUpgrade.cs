using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>A connection that becomes a WebSocket.</summary>
internal sealed class PartingUpgrade(IHttpUpgradeFeature inner, Action<PartingStream> begun) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
    {
        var stream = new PartingStream(await inner.UpgradeAsync());
        begun(stream);
        return stream;
    }
}
