using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Http.Retries;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>The head of an answer that may become the request's.</summary>
internal sealed class HedgedAnswer : IHttpResponseFeature
{
    private List<(Func<object, Task> Callback, object State, bool IsAtTheStart)>? _callbacks;

    /// <param name="headers">The fields that the request's answer has already.</param>
    public HedgedAnswer(HeaderMark headers) => headers.CopyTo(Headers);

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    /// <summary>Nobody gets a body before it is known whose it is.</summary>
    public Stream Body { get; set; } = Stream.Null;

    public bool HasStarted => false;

    public void OnStarting(Func<object, Task> callback, object state) => (_callbacks ??= []).Add((callback, state, true));

    public void OnCompleted(Func<object, Task> callback, object state) => (_callbacks ??= []).Add((callback, state, false));

    /// <summary>Makes it the request's.</summary>
    public void MoveTo(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCode;
        if (ReasonPhrase is not null)
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = ReasonPhrase;
        response.Headers.Clear();
        foreach (var (name, values) in Headers)
            response.Headers[name] = values;
        foreach (var (callback, state, isAtTheStart) in _callbacks ?? [])
        {
            if (isAtTheStart)
                response.OnStarting(callback, state);
            else
                response.OnCompleted(callback, state);
        }
    }
}
