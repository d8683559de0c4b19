using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class RebalanceSettingsTests
{
    private const string Section = "ReverseProxy:Clusters:app:OrleansLb:Rebalance";
    private const string Least = """ "LoadBalancingPolicy": "ClusterLeastRequests", """;

    [Fact]
    public void Compile_EveryKey_IsRead() => Assert.Equal(
        new RebalanceDefinition { MaxPerSecond = 50, TolerancePercent = 5, MinAge = TimeSpan.FromMinutes(10) },
        Read($$"""{{Least}} "OrleansLb": { "Rebalance": { "MaxPerSecond": 50, "TolerancePercent": 5, "MinAge": "00:10:00" } }, """));

    [Theory]
    [InlineData("clusterleastrequests")]
    [InlineData("ClusterPowerOfTwoChoices")]
    [InlineData("WeightedRoundRobin")]
    public void Compile_EmptySection_SwitchesItOn(string policy) =>
        Assert.Equal(new RebalanceDefinition(), Read($$""" "LoadBalancingPolicy": "{{policy}}", "OrleansLb": { "Rebalance": {} }, """));

    [Fact]
    public void Compile_WithoutTheSection_NothingIsMoved() => Assert.Null(Read(Least));

    [Theory]
    [InlineData(""" "OrleansLb": { "Rebalance": {} }, """, "does not go with the cluster's policy, which may send those who come back where they were; policies that send them where there is room: ClusterLeastRequests, ClusterPowerOfTwoChoices, WeightedRoundRobin")]
    [InlineData(""" "LoadBalancingPolicy": "IpHash", "OrleansLb": { "Rebalance": {} }, """, "does not go with the cluster's policy")]
    [InlineData(Least + """ "SessionAffinity": { "Enabled": true, "Policy": "ClusterCookie", "AffinityKeyName": "s" }, "OrleansLb": { "Rebalance": {} }, """, "does not go with SessionAffinity: sessions return to where they were")]
    [InlineData(Least + """ "OrleansLb": { "Rebalance": {}, "ZonePreference": "Prefer" }, """, "does not go with priorities and zones: backends that stand by have none on purpose")]
    public void Compile_WhoComesBackGoesWhereItWas_IsRefused(string ours, string message)
    {
        var error = Assert.Single(Compile(ours).Errors);
        Assert.Equal(Section, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static RebalanceDefinition? Read(string ours)
    {
        var result = Compile(ours);
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"].Rebalance;
    }

    private static CompilationResult Compile(string ours) => TestDocuments.Compile(TestDocuments.OfJson(
        $$"""{ "ReverseProxy": { "Clusters": { "app": { {{ours}} "Destinations": { "a": { "Address": "http://10.0.0.1/" } } } } } }"""));
}
