using System.Diagnostics;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Concurrency;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>The span of a request's wait in the queue of a pool.</summary>
internal static class QueueSpan
{
    private const string Name = "queue";

    /// <summary>Begins it, where the request has a span.</summary>
    /// <param name="pool">The pool that is full.</param>
    public static Activity? Begin(string pool)
    {
        var span = FrontendSpans.AreWanted ? FrontendSpans.BeginWithin(Name, ActivityKind.Internal) : null;
        if (span is not { IsAllDataRequested: true })
            return span;
        span.DisplayName = $"{Name} {pool}";
        span.SetTag("orleanslb.pool", pool);
        return span;
    }

    /// <summary>Ends it with what came of it.</summary>
    public static void End(Activity? span, AdmissionOutcome outcome)
    {
        if (span is null)
            return;
        span.SetTag("orleanslb.queue.outcome", SlotMetrics.NameOf(outcome));
        if (ReasonOf(outcome) is { } reason)
        {
            span.SetTag(SpanErrors.Attribute, SpanErrors.TypeOf(reason));
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    private static EndReason? ReasonOf(AdmissionOutcome outcome) => outcome switch
    {
        AdmissionOutcome.QueueFull => EndReason.QueueFull,
        AdmissionOutcome.TimedOut => EndReason.QueueTimeout,
        AdmissionOutcome.ClientLeft => EndReason.ClientLeftQueue,
        _ => null,
    };
}
