using OrleansLb.Contracts.Backends;

namespace OrleansLb.Admin.Backends;

/// <summary>One change of a backend's state.</summary>
/// <param name="When">When, UTC.</param>
/// <param name="Generation">Generation of the backend.</param>
/// <param name="From">State before; <see langword="null"/> when it was not in the pool.</param>
/// <param name="To">State after; <see langword="null"/> when it left the pool.</param>
/// <param name="TakesNewSessions">Whether requests without a session went there from then on.</param>
/// <param name="TakesItsSessions">Whether sessions bound to it went there from then on.</param>
/// <param name="Cause">What made it change, as <c>ActiveProbe</c>.</param>
/// <param name="Evidence">On what evidence, in words.</param>
/// <param name="By">Who said so.</param>
internal sealed record StateChangeSummary(
    DateTimeOffset When,
    int Generation,
    string? From,
    string? To,
    bool TakesNewSessions,
    bool TakesItsSessions,
    string Cause,
    string Evidence,
    string By)
{
    public StateChangeSummary(BackendStateChange change)
        : this(
            change.When,
            change.Generation,
            change.From?.ToString(),
            change.To?.ToString(),
            change.TakesNew,
            change.TakesPinned,
            change.Cause.ToString(),
            change.Evidence,
            change.By)
    {
    }
}
