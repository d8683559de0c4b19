using OrleansLb.Core;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class DesignExampleTests
{
    private readonly CompilationResult _result = TestDocuments.Compile(TestDocuments.OfFile("Ours/design.json"), version: 7);

    [Fact]
    public void Compile_DesignExample_HasNeitherErrorsNorWarnings()
    {
        Assert.Empty(_result.Errors);
        Assert.Empty(_result.Warnings);
        Assert.NotNull(_result.Configuration);
    }

    [Fact]
    public void Compile_ClusterHealthPolicies_BecomePoolSettings()
    {
        var pool = _result.Configuration!.Snapshot.Pools["app"];

        Assert.Equal(
            new ActiveHealthDefinition { Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(2), Probe = new HttpProbeDefinition { Path = "/health" } },
            pool.ActiveHealth);
        Assert.True(pool.PassiveHealth);
        Assert.Equal(50, pool.PanicPercent);
        Assert.Equal(new OutlierDefinition(), pool.Outlier);
        Assert.Equal((TimeSpan.FromMinutes(4), true), (pool.DrainTimeout, pool.KeepsSessions));
    }

    [Fact]
    public void Compile_Destinations_BecomeBackendsInOrder()
    {
        var pool = _result.Configuration!.Snapshot.Pools["app"];

        Assert.Equal(["a", "b"], pool.Backends.Select(backend => backend.Id));
        Assert.Equal([3, 1], pool.Backends.Select(backend => backend.Weight));
        Assert.All(pool.Backends, backend => Assert.Equal(7, backend.Generation));
        Assert.Equal(BackendKey.Of("app", "a", 7), pool.Backends[0].Key);
        Assert.Equal(new Uri("http://10.0.0.1:8080/"), pool.Backends[0].Address);
        Assert.Equal(pool.Backends[0].Address, pool.Backends[0].HealthAddress);
    }

    [Fact]
    public void Compile_RateLimitPolicy_MovesFromRouteToMetadata()
    {
        var route = Assert.Single(_result.Configuration!.Routes);

        Assert.Null(route.RateLimiterPolicy);
        Assert.Equal("perClient", route.Metadata![RouteMetadataKeys.RateLimiterPolicy]);
        var policy = _result.Configuration.Snapshot.RateLimits["perClient"];
        Assert.Equal(
            new RateLimitPolicyDefinition
            {
                Name = "perClient",
                Algorithm = RateLimitAlgorithm.SlidingWindowCounter,
                PermitLimit = 100,
                Window = TimeSpan.FromSeconds(1),
            },
            policy);
    }

    [Fact]
    public void Compile_ClusterHealthPolicies_SwitchYarpsOwnOff()
    {
        var cluster = Assert.Single(_result.Configuration!.Clusters);

        Assert.False(cluster.HealthCheck!.Active!.Enabled);
        Assert.False(cluster.HealthCheck.Passive!.Enabled);
        Assert.Equal("ClusterHealthyOrPanic", cluster.HealthCheck.AvailableDestinationsPolicy);
        Assert.Equal("ClusterLeastRequests", cluster.LoadBalancingPolicy);
        Assert.Equal("ClusterCookie", cluster.SessionAffinity!.Policy);
    }

    [Fact]
    public void Compile_Version_IsThatOfTheSnapshotWithTheDocumentsDigest()
    {
        var snapshot = _result.Configuration!.Snapshot;

        Assert.Equal(7, snapshot.Version);
        Assert.Equal(SettingsDocument.From(TestDocuments.OfFile("Ours/design.json")).Digest, snapshot.Digest);
    }
}
