using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Tells a request that is broken off from this side from one whose client left: to whoever asks later, both look alike.</summary>
internal sealed class OwnAborts : IHttpRequestLifetimeFeature, IHttpResetFeature
{
    private IHttpRequestLifetimeFeature _lifetime = null!;
    private IHttpResetFeature? _reset;
    private volatile bool _isOurs;

    public CancellationToken RequestAborted
    {
        get => _lifetime.RequestAborted;
        set => _lifetime.RequestAborted = value;
    }

    /// <summary>Whether the client ended the request, or its connection did.</summary>
    public bool HasClientLeft => !_isOurs && RequestAborted.IsCancellationRequested;

    public void Begin(HttpContext context)
    {
        (_lifetime, _reset) = (context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>(), context.Features.Get<IHttpResetFeature>());
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        if (_reset is not null)
            context.Features.Set<IHttpResetFeature>(this);
    }

    public void End(HttpContext context)
    {
        context.Features.Set(_lifetime);
        if (_reset is not null)
            context.Features.Set(_reset);
        (_lifetime, _reset, _isOurs) = (null!, null, false);
    }

    public void Abort()
    {
        NoteWhose();
        _lifetime.Abort();
    }

    public void Reset(int errorCode)
    {
        NoteWhose();
        _reset!.Reset(errorCode);
    }

    private void NoteWhose()
    {
        if (!RequestAborted.IsCancellationRequested)
            _isOurs = true;
    }
}
