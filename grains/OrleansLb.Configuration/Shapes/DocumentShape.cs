using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of a whole document.</summary>
internal static class DocumentShape
{
    public static ObjectShape Root { get; } = new(
        strict: true,
        ("ReverseProxy", new ObjectShape(
            strict: false,
            ("Routes", new MapShape(RouteShapes.Route)),
            ("Clusters", new MapShape(ClusterShapes.Cluster)))),
        ("OrleansLb", new ObjectShape(
            strict: true,
            ("RateLimiting", new ObjectShape(strict: true, ("Policies", new MapShape(RateLimitShapes.Policy)))),
            ("Affinity", new ObjectShape(strict: true, (nameof(ClusterSnapshot.KeyRotation), Values.DurationWithinOrZero(TimeSpan.FromMinutes(1), TimeSpan.FromDays(365))))),
            ("Acme", AcmeShapes.Acme),
            ("Rollback", RollbackShapes.Rollback),
            ("Timeouts", TimeoutShapes.Timeouts),
            ("AllowedBackendNetworks", new MapShape(Values.Text)))));
}
