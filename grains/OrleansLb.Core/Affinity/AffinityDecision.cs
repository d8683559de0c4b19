namespace OrleansLb.Core.Affinity;

/// <summary>What the affinity of one request leads to.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="Backend">Index of the backend in the pool; -1 unless the outcome is <see cref="AffinityOutcome.Keep"/> or <see cref="AffinityOutcome.Move"/>.</param>
/// <param name="Cookie">What the client's cookie should say, if <paramref name="SendCookie"/>.</param>
/// <param name="SendCookie">Whether to seal <paramref name="Cookie"/> and send it with the response.</param>
public readonly record struct AffinityDecision(AffinityOutcome Outcome, int Backend, AffinityCookie Cookie, bool SendCookie)
{
    internal static AffinityDecision WithoutBackend(AffinityOutcome outcome) => new(outcome, -1, default, false);
}
