using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Tests;

/// <summary>What YARP is given where a policy is the cluster's, and that it is given nothing else than the file elsewhere.</summary>
public sealed class RewriteTests
{
    [Fact]
    public void Compile_ClusterActivePolicyAlone_LeavesPassiveToYarpAndHeedsTheCluster()
    {
        var cluster = Cluster("""
            "HealthCheck": {
              "Active": { "Enabled": true, "Policy": "clusterconsecutivefailures" },
              "Passive": { "Enabled": true, "Policy": "TransportFailureRate" }
            },
            """);

        Assert.False(cluster.HealthCheck!.Active!.Enabled);
        Assert.Null(cluster.HealthCheck.Active.Policy);
        Assert.Equal(new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate" }, cluster.HealthCheck.Passive);
        Assert.Equal("ClusterHealthyOrPanic", cluster.HealthCheck.AvailableDestinationsPolicy);
    }

    [Fact]
    public void Compile_ClusterPassivePolicyAlone_LeavesActiveToYarp()
    {
        var cluster = Cluster("""
            "HealthCheck": {
              "Active": { "Enabled": true, "Interval": "00:00:07" },
              "Passive": { "Enabled": true, "Policy": "ClusterOutlier" }
            },
            """);

        Assert.Equal(new ActiveHealthCheckConfig { Enabled = true, Interval = TimeSpan.FromSeconds(7) }, cluster.HealthCheck!.Active);
        Assert.False(cluster.HealthCheck.Passive!.Enabled);
    }

    [Fact]
    public void Compile_ClusterPolicySwitchedOff_IsNotTheClusters()
    {
        var result = Compile("""
            "HealthCheck": { "Active": { "Enabled": false, "Policy": "ClusterConsecutiveFailures" }, "Passive": { "Policy": "ClusterOutlier" } },
            """, "");

        var pool = result.Configuration!.Snapshot.Pools["app"];
        Assert.Null(pool.ActiveHealth);
        Assert.False(pool.PassiveHealth);
        Assert.Null(Assert.Single(result.Configuration.Clusters).HealthCheck!.AvailableDestinationsPolicy);
    }

    [Fact]
    public void Compile_RoutePolicy_JoinsTheRoutesMetadataInThePolicysSpelling()
    {
        var route = Assert.Single(Compile("", """ "RateLimiterPolicy": "PERCLIENT", "Metadata": { "Owner": "web" }, """).Configuration!.Routes);

        Assert.Equal("perClient", route.Metadata![RouteMetadataKeys.RateLimiterPolicy]);
        Assert.Equal("web", route.Metadata["owner"]);
        Assert.Null(route.RateLimiterPolicy);
    }

    [Theory]
    [InlineData(""" "OrleansLb": { "RateLimiterPolicies": [ "PERCLIENT", "everybody" ] }, """, "perClient", "everybody")]
    [InlineData(""" "RateLimiterPolicy": "everybody", "OrleansLb": { "RateLimiterPolicies": [ "perClient" ] }, """, "everybody", "perClient")]
    [InlineData(""" "OrleansLb": { "RateLimiterPolicies": [ "everybody" ] }, """, "everybody")]
    public void Compile_SeveralRoutePolicies_JoinTheRoutesMetadataInTheirOrder(string keys, params string[] policies)
    {
        var route = Assert.Single(Compile("", keys).Configuration!.Routes);

        Assert.Equal(policies, RouteMetadataKeys.RateLimiterPolicies.Select(key => route.Metadata!.GetValueOrDefault(key)).OfType<string>());
        Assert.Null(route.RateLimiterPolicy);
    }

    [Theory]
    [InlineData("Disable")]
    [InlineData("default")]
    public void Compile_RoutePolicyWithYarpsMeaning_StaysYarps(string policy)
    {
        var route = Assert.Single(Compile("", $""" "RateLimiterPolicy": "{policy}", """).Configuration!.Routes);

        Assert.Equal(policy, route.RateLimiterPolicy);
        Assert.Null(route.Metadata);
    }

    [Fact]
    public void Compile_NextVersion_KeepsGenerationsOfUnchangedBackends()
    {
        using var compiler = new ConfigurationCompiler();
        var settings = SettingsDocument.From(TestDocuments.OfFile("Ours/full.json")).Settings.ToDictionary();
        var first = compiler.Compile(SettingsDocument.FromSettings(settings), 1, GenerationLedger.Empty, KeyRing.Empty).Configuration!;
        settings["ReverseProxy:Clusters:app:Destinations:a:Address"] = "http://10.0.0.99/";
        settings["ReverseProxy:Clusters:app:Destinations:b:OrleansLb:Weight"] = "9";
        var second = compiler.Compile(SettingsDocument.FromSettings(settings), 2, first.Generations, KeyRing.Empty).Configuration!;
        var again = compiler.Compile(SettingsDocument.FromSettings(settings), 2, second.Generations, KeyRing.Empty).Configuration!;

        Assert.Equal([2, 1], second.Snapshot.Pools["app"].Backends.Select(backend => backend.Generation));
        Assert.Equal([1], second.Snapshot.Pools["api"].Backends.Select(backend => backend.Generation));
        Assert.Equal(second.Snapshot.Pools["app"].Backends, again.Snapshot.Pools["app"].Backends);
        Assert.Equal(second.Generations, again.Generations);
    }

    [Fact]
    public void Compile_SameAddressSpeltDifferently_KeepsGeneration()
    {
        using var compiler = new ConfigurationCompiler();
        var first = compiler.Compile(Document("http://APP.test:80"), 1, GenerationLedger.Empty, KeyRing.Empty).Configuration!;
        var second = compiler.Compile(Document("http://app.test/"), 2, first.Generations, KeyRing.Empty).Configuration!;

        Assert.Equal(1, Assert.Single(second.Snapshot.Pools["app"].Backends).Generation);
    }

    private static SettingsDocument Document(string address) =>
        SettingsDocument.FromSettings([new("ReverseProxy:Clusters:app:Destinations:a:Address", address)]);

    private static ClusterConfig Cluster(string health) => Assert.Single(Compile(health, "").Configuration!.Clusters);

    private static CompilationResult Compile(string clusterKeys, string routeKeys) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Routes": { "app": { {{routeKeys}} "ClusterId": "app", "Match": { "Path": "/{**rest}" } } },
            "Clusters": { "app": { {{clusterKeys}} "Destinations": { "a": { "Address": "http://10.0.0.1/" } } } }
          },
          "OrleansLb": { "RateLimiting": { "Policies": { "perClient": { "Algorithm": "SlidingWindowCounter", "PermitLimit": 1, "Window": "00:00:01" }, "everybody": { "Algorithm": "FixedWindow", "PermitLimit": 9, "Window": "00:00:01" } } } }
        }
        """));
}
