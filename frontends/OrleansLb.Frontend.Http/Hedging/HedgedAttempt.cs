using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>
/// One of two attempts of a request. It has a context of its own, in which it is answered, fails and is cut off without the client noticing; when its answer is taken, that context is the
/// request's in all but name.
/// </summary>
internal sealed class HedgedAttempt : IHttpRequestLifetimeFeature, IServiceProvidersFeature, IDisposable
{
    private readonly HedgedRequest _request;
    private readonly HttpContext _original;
    private readonly int _place;
    private readonly HedgedAnswer _answer;
    private readonly CancellationTokenSource _end;
    private CancellationToken? _replaced;
    private bool _isTaken;
    private bool _isCutOff;

    /// <param name="request">The request.</param>
    /// <param name="original">Its context.</param>
    /// <param name="start">What the request was like when it came.</param>
    /// <param name="place">Which of the two it is.</param>
    /// <param name="destinations">Where it may go.</param>
    public HedgedAttempt(HedgedRequest request, HttpContext original, HedgeStart start, int place, IReadOnlyList<DestinationState> destinations)
    {
        (_request, _original, _place) = (request, original, place);
        _answer = new HedgedAnswer(start.Headers);
        _end = CancellationTokenSource.CreateLinkedTokenSource(start.Aborted);
        var features = new AttemptFeatures(original.Features) { Attempt = this };
        features.Set<IHttpRequestLifetimeFeature>(this);
        features.Set<IServiceProvidersFeature>(this);
        features.Set<IHttpResponseFeature>(_answer);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        // What becomes of the other attempt is not for this one.
        features.Set<IForwarderErrorFeature>(null);
        features.Set<IReverseProxyFeature>(Proxy = new ReverseProxyFeature
        {
            Route = start.Proxy.Route,
            Cluster = start.Proxy.Cluster,
            AllDestinations = start.Proxy.AllDestinations,
            AvailableDestinations = destinations,
        });
        Context = new DefaultHttpContext(features);
    }

    /// <summary>The context that it goes on with.</summary>
    public HttpContext Context { get; }

    /// <summary>YARP's view of it.</summary>
    public ReverseProxyFeature Proxy { get; }

    /// <summary>Whether it was cut off by somebody else than the request: its backend is drained.</summary>
    public bool IsCutOff => Volatile.Read(ref _isCutOff);

    /// <summary>Whether the answer of the other attempt was taken.</summary>
    public bool HasLost => _request.Winner == 1 - _place;

    /// <summary>Whether its answer was taken while there was another attempt.</summary>
    public bool HasWon => _request.HasJoined && _request.Winner == _place;

    public CancellationToken RequestAborted
    {
        get => _replaced ?? _end.Token;
        set => _replaced = value;
    }

    public IServiceProvider RequestServices
    {
        get => _original.RequestServices;
        set => _original.RequestServices = value;
    }

    /// <summary>The attempt whose context it is; <see langword="null"/> for all requests that are not hedged, which pay a look at a type.</summary>
    public static HedgedAttempt? Of(HttpContext context) => (context.Features as AttemptFeatures)?.Attempt;

    /// <summary>Asked once when the head of an answer is there, before any of it is passed on. If not, the answer must be thrown away.</summary>
    /// <param name="status">The status of the answer.</param>
    public bool TryTake(int status) => _request.TryTake(_place, status);

    /// <summary>It has ended.</summary>
    public void Ended() => _request.End(_place);

    /// <summary>Makes its answer the request's. What it answers from here on the client gets.</summary>
    public void Become()
    {
        _answer.MoveTo(_original);
        _original.GetReverseProxyFeature().ProxiedDestination = Proxy.ProxiedDestination;
        Context.Features.Set(_original.Features.GetRequiredFeature<IHttpResponseFeature>());
        Context.Features.Set(_original.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        Volatile.Write(ref _isTaken, true);
    }

    /// <summary>Tells the request how it failed, if it did; when both attempts have ended.</summary>
    public void Tell() => _original.Features.Set(Context.Features.Get<IForwarderErrorFeature>());

    /// <summary>Ends it: nobody waits for it any more.</summary>
    public void Cancel() => _end.Cancel();

    /// <summary>Cuts it off, and the request only if the client is getting its answer from here.</summary>
    public void Abort()
    {
        Volatile.Write(ref _isCutOff, true);
        _end.Cancel();
        if (Volatile.Read(ref _isTaken))
            _original.Abort();
    }

    public void Dispose() => _end.Dispose();
}
