using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

/// <summary>What surrounds a policy is read from its keys; what is not said has the default.</summary>
public sealed class BalancingSettingsTests
{
    [Fact]
    public void Compile_EveryKey_IsRead()
    {
        var pool = Pool(
            """
            "LoadBalancingPolicy": "rendezvous",
            "OrleansLb": {
              "Hash": { "Source": "clientip", "IPv6PrefixLength": 56 },
              "SlowStart": "00:00:30", "SlowStartAggression": 2.5, "SlowStartMinPercent": 5,
              "Priority": { "OverprovisioningPercent": 120, "FailBackAfter": "00:01:00" },
              "ZonePreference": "prefer"
            }
            """,
            """ "OrleansLb": { "Weight": 7, "Priority": 2, "Zone": "eu/west-1" } """);

        Assert.Equal(
            new BalancingDefinition
            {
                Policy = LoadBalancingPolicyNames.Rendezvous,
                HashKey = HashKeyDefinition.ClientIp with { IPv6PrefixLength = 56 },
                SlowStart = new SlowStartDefinition { Window = TimeSpan.FromSeconds(30), Aggression = 2.5, MinWeightPercent = 5 },
                OverprovisioningPercent = 120,
                FailBackAfter = TimeSpan.FromMinutes(1),
                ZonePreference = ZonePreference.Prefer,
            },
            pool.Balancing);
        var backend = Assert.Single(pool.Backends);
        Assert.Equal((7, 2, "eu/west-1"), (backend.Weight, backend.Priority, backend.Zone));
    }

    [Fact]
    public void Compile_NothingIsSaid_HasTheDefaults()
    {
        var pool = Pool(""" "LoadBalancingPolicy": "Maglev" """, "");

        Assert.Equal(BalancingDefinition.Default with { Policy = LoadBalancingPolicyNames.Maglev }, pool.Balancing);
        var backend = Assert.Single(pool.Backends);
        Assert.Equal((1, 0, ""), (backend.Weight, backend.Priority, backend.Zone));
    }

    [Theory]
    [InlineData("Header", "X-Tenant")]
    [InlineData("Cookie", "sid")]
    [InlineData("QueryParameter", "user")]
    [InlineData("Path", null)]
    [InlineData("PathAndQuery", null)]
    public void Compile_HashKey_IsRead(string source, string? name)
    {
        var named = name is null ? "" : $""", "Name": "{name}" """;
        var key = Pool($$""" "LoadBalancingPolicy": "Maglev", "OrleansLb": { "Hash": { "Source": "{{source}}"{{named}} } } """, "").Balancing.HashKey;

        Assert.Equal((source, name), (key.Source, key.Name));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(", \"SubsetFallback\": \"any\"", true)]
    public void Compile_SubsetOfARoute_IsWrittenIntoItsMetadata(string fallback, bool fallsBack)
    {
        var result = TestDocuments.Compile(TestDocuments.OfJson($$"""
            {
              "ReverseProxy": {
                "Routes": { "app": { "ClusterId": "app", "Match": { "Path": "/" }, "OrleansLb": { "Subset": { "version": "2", "canary": "yes" }{{fallback}} } } },
                "Clusters": { "app": { "Destinations": { "a": { "Address": "http://10.0.0.1/", "Metadata": { "version": "2" } } } } }
              }
            }
            """));

        Assert.Empty(result.Errors);
        var subset = RouteSubset.Parse(Assert.Single(result.Configuration!.Routes).Metadata![RouteMetadataKeys.Subset]);
        Assert.Equal([KeyValuePair.Create("canary", "yes"), KeyValuePair.Create("version", "2")], subset.Labels);
        Assert.Equal(fallsBack, subset.FallsBack);
    }

    private static PoolDefinition Pool(string cluster, string destination)
    {
        var more = destination.Length == 0 ? "" : $", {destination}";
        var result = TestDocuments.Compile(TestDocuments.OfJson($$"""
            { "ReverseProxy": { "Clusters": { "app": { {{cluster}}, "Destinations": { "a": { "Address": "http://10.0.0.1/"{{more}} } } } } } }
            """));
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"];
    }
}
