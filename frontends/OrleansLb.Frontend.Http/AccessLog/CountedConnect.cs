using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>A stream of HTTP/2 that became a connection, and its counter.</summary>
internal sealed class CountedConnect(IHttpExtendedConnectFeature inner, RequestNote note) : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;

    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync()
    {
        var stream = await inner.AcceptAsync();
        note.AnswerBegins();
        return new CountedStream(stream, note);
    }
}
