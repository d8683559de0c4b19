using System.Text.Json.Serialization;
using OrleansLb.Contracts.Backends;

namespace OrleansLb.Admin.Backends;

/// <summary>Answer to a decision.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Backend">The backend.</param>
/// <param name="State">What was decided: <c>Active</c>, <c>Draining</c> or <c>Maintenance</c>.</param>
/// <param name="Since">When it was decided, UTC.</param>
/// <param name="Timeout">For a drain: the time it was given.</param>
/// <param name="SecondsLeft">For a drain: how much of that time is left.</param>
internal sealed record BackendDecisionSummary(
    string Pool,
    string Backend,
    string State,
    DateTimeOffset Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TimeSpan? Timeout,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SecondsLeft)
{
    public BackendDecisionSummary(string pool, string backend, BackendDecision decision)
        : this(
            pool,
            backend,
            decision.State.ToString(),
            decision.Since,
            decision.State == WireAdminState.Draining ? decision.DrainTimeout : null,
            decision.State == WireAdminState.Draining ? decision.DrainLeft.TotalSeconds : null)
    {
    }
}
