namespace OrleansLb.Configuration.Tests;

public sealed class HedgeSettingsTests
{
    private const string Ours = "ReverseProxy:Routes:app:OrleansLb:";

    [Fact]
    public void Compile_ADelay_IsTheRoutes() => Assert.Equal(
        "00:00:00.0500000", Assert.Single(Compile(""" "Hedge": { "Delay": "00:00:00.05" } """).Configuration!.Routes).Metadata![RouteMetadataKeys.Hedge]);

    [Fact]
    public void Compile_DividedRoute_AllItsPartsHaveIt() => Assert.All(
        Compile(""" "Split": { "Weights": { "a": 1, "c": 1 } }, "Hedge": { "Delay": "00:00:01" } """).Configuration!.Routes,
        static route => Assert.Equal("00:00:01", route.Metadata![RouteMetadataKeys.Hedge]));

    [Fact]
    public void Compile_WithoutHedge_RoutesSayNothingOfIt() => Assert.Null(Assert.Single(Compile("").Configuration!.Routes).Metadata);

    [Theory]
    [InlineData(""" "Hedge": {} """, "Hedge:Delay", "must say how long a backend may take before another one is asked too; it is missing")]
    [InlineData(""" "Hedge": { "Delay": null } """, "Hedge:Delay", "must say how long")]
    [InlineData(""" "Hedge": { "Delay": "00:00:00" } """, "Hedge:Delay", "'00:00:00' is not from 00:00:00.0010000 to 00:01:00 (hh:mm:ss)")]
    [InlineData(""" "Hedge": { "Delay": "50ms" } """, "Hedge:Delay", "'50ms' is not a time of the form hh:mm:ss")]
    [InlineData(""" "Hedge": { "Delay": "00:00:01", "MaxAttempts": 3 } """, "Hedge:MaxAttempts", "unknown key")]
    [InlineData(""" "Hedge": { "Delay": "00:00:01" }, "Split": { "Weights": { "a": 1, "sessions": 1 } } """, "Hedge", "cluster 'sessions' has sessions, each of which is for one backend")]
    [InlineData(""" "Hedge": { "Delay": "00:00:01" }, "Failover": "sessions" """, "Hedge", "cluster 'sessions' has sessions, each of which is for one backend")]
    [InlineData(""" "Hedge": { "Delay": "00:00:01" }, "Failover": "once" """, "Hedge", "cluster 'once' has Retry:MaxAttempts 1, which leaves no second attempt")]
    public void Compile_Mistake_IsSaidAtItsKey(string ours, string key, string message)
    {
        var error = Assert.Single(Compile(ours).Errors);
        Assert.Equal($"{Ours}{key}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_RouteThatAnswersByItself_HasNothingToHedge() => Assert.Equal(
        ($"{Ours}Hedge", "has no effect on a route without a cluster of its own"),
        Compile(""" "Response": {}, "Hedge": { "Delay": "00:00:01" } """, cluster: "").Errors.Select(static error => (error.Path, error.Message)).Single());

    private static CompilationResult Compile(string ours, string cluster = """ "ClusterId": "a", """) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Routes": { "app": { {{cluster}} "Match": { "Path": "/x" }, "OrleansLb": { {{ours}} } } },
            "Clusters": {
              "a": { "Destinations": { "d": { "Address": "http://10.0.0.1/" } } },
              "c": { "Destinations": { "d": { "Address": "http://10.0.0.3/" } } },
              "once": { "OrleansLb": { "Retry": { "MaxAttempts": 1 } }, "Destinations": { "d": { "Address": "http://10.0.0.4/" } } },
              "sessions": {
                "SessionAffinity": { "Enabled": true, "Policy": "ClusterCookie", "AffinityKeyName": ".Lb" },
                "Destinations": { "d": { "Address": "http://10.0.0.2/" } }
              }
            }
          }
        }
        """));
}
