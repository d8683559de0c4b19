using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;

namespace OrleansLb.Frontend.Health;

/// <summary>Between the wire's records and Core's, once at receipt.</summary>
internal static class EligibilityMapping
{
    public static PoolEligibility ToModel(this EligibilityTable table) =>
        new(table.Version, PoolEligibility.Ordered(table.Rows.Select(ToModel)), table.Panic);

    public static PoolEligibilityDelta ToModel(this EligibilityChange change) => new(
        change.FromVersion,
        change.ToVersion,
        [.. change.Changed.Select(ToModel)],
        [.. change.Removed.Select(static key => new BackendKey(key))],
        change.Panic);

    public static EligibilityTable ToWire(this PoolHealthView view) => new(
        view.Epoch,
        view.Eligibility.Version,
        [.. view.Eligibility.Backends.Select(static status => new EligibilityRow(
            status.Key.Value, (WireBackendState)status.State, status.TakesNew, status.TakesPinned, status.ByPanic, status.Held))],
        view.Eligibility.Panic);

    private static BackendStatus ToModel(EligibilityRow row) =>
        new(new BackendKey(row.BackendKey), (BackendState)row.State, row.TakesNew, row.TakesPinned, row.ByPanic, row.Held);
}
