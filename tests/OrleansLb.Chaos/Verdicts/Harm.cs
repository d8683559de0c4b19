using OrleansLb.Chaos.Load;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>Requests that a fault takes with it, and which nobody could have saved: those in flight at what is killed, cut or does not go on.</summary>
/// <param name="From">Since when, by the clock of the run.</param>
/// <param name="To">Until when.</param>
/// <param name="Frontend">Host and port of the front-end that they were sent to; <see langword="null"/> for any, because clients do not see at which backend a request was.</param>
public sealed record Harm(TimeSpan From, TimeSpan To, string? Frontend = null)
{
    /// <summary>Whether a request was in flight there at that time.</summary>
    public bool Explains(RequestOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.At <= To && outcome.AnsweredAt >= From && (Frontend is null || outcome.Target.Authority == Frontend);
    }
}
