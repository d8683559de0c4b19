using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Puts counters between the server and whoever reads the body of a request and writes that of its answer, and takes them away again.</summary>
internal sealed class CountedBodies(RequestNote note)
{
    private readonly CountedAnswer _answer = new(note);
    private readonly CountedRequest _request = new(note);
    private IHttpResponseBodyFeature? _answerBefore;
    private IRequestBodyPipeFeature? _pipeBefore;
    private Stream? _streamBefore;
    private IHttpUpgradeFeature? _upgradeBefore;
    private IHttpExtendedConnectFeature? _connectBefore;

    public void Begin(HttpContext context)
    {
        _answerBefore = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _answer.Begin(_answerBefore);
        context.Features.Set<IHttpResponseBodyFeature>(_answer);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            CountRequest(context);
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new CountedUpgrade(_upgradeBefore = upgrade, note));
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            context.Features.Set<IHttpExtendedConnectFeature>(new CountedConnect(_connectBefore = connect, note));
    }

    public void End(HttpContext context)
    {
        context.Features.Set(_answerBefore);
        if (_streamBefore is not null)
        {
            context.Request.Body = _streamBefore;
            context.Features.Set(_pipeBefore);
        }

        if (_upgradeBefore is not null)
            context.Features.Set(_upgradeBefore);
        if (_connectBefore is not null)
            context.Features.Set(_connectBefore);
        _answer.End();
        _request.End();
        (_answerBefore, _pipeBefore, _streamBefore, _upgradeBefore, _connectBefore) = (null, null, null, null, null);
    }

    // The pipe before the stream: the server's own follows the stream that is in place.
    private void CountRequest(HttpContext context)
    {
        note.BodyBegins();
        _pipeBefore = context.Features.GetRequiredFeature<IRequestBodyPipeFeature>();
        _request.Begin(_pipeBefore.Reader);
        _streamBefore = context.Request.Body;
        context.Request.Body = new CountedStream(_streamBefore, note);
        context.Features.Set<IRequestBodyPipeFeature>(_request);
    }
}
