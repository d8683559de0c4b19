using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>Says which certificates are shown without the staple that they should have. A front-end is ready without: clients decide what they make of it.</summary>
internal sealed class StapleReadinessCheck(Staples staples) : IReadinessCheck
{
    public string Name => "staples";

    public Readiness Check()
    {
        var stapling = staples.All.Where(static one => one.IsStapling).ToList();
        var missing = stapling.Where(static one => one.Staple is null).Select(static one => $"; {one.Name} has none{(one.Said == StapleState.Revoked ? ": it is revoked" : "")}");
        return Readiness.Ready(string.Concat(missing.Prepend($"{stapling.Count(static one => one.Staple is not null)} of {stapling.Count} certificates that can have one are shown with it")));
    }
}
