using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Http.Hedging;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.Tracing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Outcomes;

/// <summary>Follows requests to their backends and notes what came of them there.</summary>
internal sealed class BackendAttempts(RequestNotes notes, RejectionMetrics rejections, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private readonly ObjectPool<BackendAttempt> _unused = new DefaultObjectPool<BackendAttempt>(new DefaultPooledObjectPolicy<BackendAttempt>());

    /// <summary>A request is on its way.</summary>
    public BackendAttempt Begin(HttpContext context, BackendSlot slot)
    {
        var attempt = _unused.Get();
        attempt.Begin(slot, clock);
        context.Features.Set(attempt);
        var note = notes.Of(context);
        note?.Tried();
        if (FrontendSpans.AreWanted)
            attempt.Span = AttemptSpan.Begin(context, slot, note?.Tries ?? 0);
        return attempt;
    }

    /// <summary>The forwarding ended.</summary>
    public void End(HttpContext context, BackendAttempt attempt)
    {
        if (context.Features.Get<IForwarderErrorFeature>() is { } failure)
        {
            rejections.BodyRejected(context, failure);
            if (ForwardingFailures.IsOfBackend(failure.Error, attempt.IsAnswered))
                attempt.Failed();
        }

        if (!attempt.IsAnswered && HedgedAttempt.Of(context) is { HasLost: true })
            attempt.Outpaced();
        if (attempt.Span is { } span)
            AttemptSpan.End(span, context, attempt, notes.Of(context));
        context.Features.Set<BackendAttempt>(null);
        attempt.Reset();
        _unused.Return(attempt);
    }
}
