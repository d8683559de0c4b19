using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Hosting.Status;

/// <summary>A process that was asked to stop wants no new traffic.</summary>
internal sealed class DrainReadinessCheck(DrainState drain) : IReadinessCheck
{
    public string Name => "drain";

    public Readiness Check() => drain.IsDraining ? Readiness.NotReady("draining") : Readiness.Ready("not draining");
}
