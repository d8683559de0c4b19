using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class LoadReportSettingsTests
{
    [Fact]
    public void Compile_ResourceBased_HasTheDefaults()
    {
        var balancing = Read("");

        Assert.Equal(LoadBalancingPolicyNames.ResourceBased, balancing.Policy);
        Assert.Equal(new ResourceLoadRules(1, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(3)), balancing.LoadReports);
    }

    [Fact]
    public void Compile_EveryKey_IsRead() => Assert.Equal(
        new ResourceLoadRules(2.5, TimeSpan.Zero, TimeSpan.FromSeconds(30)),
        Read(""" "LoadReports": { "ErrorPenalty": 2.5, "Blackout": "00:00:00", "Expiry": "00:00:30" } """).LoadReports);

    private static BalancingDefinition Read(string ours)
    {
        var result = TestDocuments.Compile(TestDocuments.OfJson($$"""
            {
              "ReverseProxy": {
                "Clusters": {
                  "app": { "LoadBalancingPolicy": "resourcebased", "OrleansLb": { {{ours}} }, "Destinations": { "a": { "Address": "http://10.0.0.1/" } } }
                }
              }
            }
            """));
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"].Balancing;
    }
}
