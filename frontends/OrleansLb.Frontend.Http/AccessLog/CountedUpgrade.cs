using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>A connection that is no HTTP any more, and its counter.</summary>
internal sealed class CountedUpgrade(IHttpUpgradeFeature inner, RequestNote note) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
    {
        var stream = await inner.UpgradeAsync();
        note.AnswerBegins();
        return new CountedStream(stream, note);
    }
}
