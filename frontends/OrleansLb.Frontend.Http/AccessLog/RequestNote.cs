using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>
/// What the access log and spans have to know of a request and nothing else tells at its end. Known to the request's features until then. Objects are used again, so nobody keeps one
/// beyond the request.
/// </summary>
internal sealed class RequestNote
{
    private readonly CountedBodies _bodies;
    private readonly OwnAborts _aborts = new();
    private TimeProvider _clock = TimeProvider.System;
    private long _began;
    private long _answerBegan;
    private long _received;
    private long _sent;
    private bool _isBodyPending;
    private int _readers;

    public RequestNote() => _bodies = new CountedBodies(this);

    public DateTimeOffset Arrived { get; private set; }

    /// <summary>How it ended, where that was decided on the way; the first word counts.</summary>
    public EndReason? Reason { get; private set; }

    /// <summary>More about that.</summary>
    public string? Detail { get; private set; }

    /// <summary>Backends that it was sent to, the same one again included.</summary>
    public int Tries { get; private set; }

    /// <summary>The limit that decided, by the name that clients know.</summary>
    public string? LimitPolicy { get; private set; }

    public LimitVerdict Limit { get; private set; }

    /// <summary>How long it waited for its turn, at limits and in queues.</summary>
    public TimeSpan Queued { get; private set; }

    /// <summary>Time since it arrived.</summary>
    public TimeSpan Took => _clock.GetElapsedTime(_began);

    /// <summary>Time until the answer began; <see langword="null"/> if it did not, but for its head.</summary>
    public TimeSpan? First => _answerBegan == 0 ? null : _clock.GetElapsedTime(_began, _answerBegan);

    /// <summary>Whether the client ended it, and not we.</summary>
    public bool HasClientLeft => _aborts.HasClientLeft;

    /// <summary>Whether some of its body is still to come.</summary>
    public bool IsBodyPending => Volatile.Read(ref _isBodyPending);

    public long Received => Volatile.Read(ref _received);

    public long Sent => Volatile.Read(ref _sent);

    public void Begin(HttpContext context, TimeProvider clock)
    {
        (_clock, _readers) = (clock, 1);
        (Arrived, _began) = (clock.GetUtcNow(), clock.GetTimestamp());
        context.Features.Set(this);
        _aborts.Begin(context);
        _bodies.Begin(context);
    }

    /// <summary>One more reads it at the end.</summary>
    public void Share() => _readers++;

    /// <summary>One has read it; whether nobody is left.</summary>
    public bool IsOfLast() => --_readers == 0;

    /// <summary>Says how the request ends.</summary>
    public void EndsAs(EndReason reason, string? detail = null)
    {
        if (Reason is null)
            (Reason, Detail) = (reason, detail);
    }

    /// <summary>Says how it ends, whatever was said before: that is what came of this.</summary>
    public void EndsAfterAllAs(EndReason reason) => (Reason, Detail) = (reason, null);

    /// <summary>It is sent to a backend.</summary>
    public void Tried() => Tries++;

    /// <summary>It has waited in a queue.</summary>
    public void Waited(TimeSpan time) => Queued += time;

    /// <summary>A rate limit has decided.</summary>
    public void Limited(string policy, in LimitOutcome outcome)
    {
        (LimitPolicy, Limit) = (policy, outcome.Verdict);
        Waited(outcome.Delay + outcome.Waited);
        if (!outcome.IsAdmitted)
            EndsAs(ReasonOf(outcome.Verdict));
    }

    /// <summary>Some of its body came.</summary>
    public void CameIn(long bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>It has a body.</summary>
    public void BodyBegins() => Volatile.Write(ref _isBodyPending, true);

    /// <summary>All of its body came.</summary>
    public void BodyEnds() => Volatile.Write(ref _isBodyPending, false);

    /// <summary>Some of the answer's body goes out.</summary>
    public void WentOut(long bytes)
    {
        AnswerBegins();
        Interlocked.Add(ref _sent, bytes);
    }

    /// <summary>The answer begins, if it has not yet.</summary>
    public void AnswerBegins()
    {
        if (_answerBegan == 0)
            _answerBegan = _clock.GetTimestamp();
    }

    public void End(HttpContext context)
    {
        _bodies.End(context);
        _aborts.End(context);
        context.Features.Set<RequestNote>(null);
        (Reason, Detail, Tries, LimitPolicy, Limit, Queued) = (null, null, 0, null, default, TimeSpan.Zero);
        (_answerBegan, _received, _sent, _isBodyPending) = (0, 0, 0, false);
    }

    private static EndReason ReasonOf(LimitVerdict verdict) => verdict switch
    {
        LimitVerdict.Abandoned => EndReason.ClientLeftQueue,
        LimitVerdict.Unavailable => EndReason.LimitUnavailable,
        _ => EndReason.RateLimited,
    };
}
