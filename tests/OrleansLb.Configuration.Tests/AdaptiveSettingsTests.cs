using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class AdaptiveSettingsTests
{
    [Fact]
    public void Compile_EveryKey_IsRead() => Assert.Equal(
        new ConcurrencyDefinition
        {
            MaxRequestsPerBackend = 400,
            Adaptive = new AdaptiveConcurrencyDefinition
            {
                MinConcurrency = 5,
                BufferPercent = 50,
                MeasureInterval = TimeSpan.FromMinutes(2),
                MeasureRequests = 200,
            },
        },
        Read("""
            "OrleansLb": {
              "MaxConcurrentRequestsPerDestination": 400,
              "AdaptiveConcurrency": { "MinConcurrency": 5, "BufferPercent": 50, "MeasureInterval": "00:02:00", "MeasureRequests": 200 } },
            """));

    [Fact]
    public void Compile_EmptySection_SwitchesItOnBelowAThousand() => Assert.Equal(
        new ConcurrencyDefinition { MaxRequestsPerBackend = 1000, Adaptive = new AdaptiveConcurrencyDefinition() },
        Read(""" "OrleansLb": { "AdaptiveConcurrency": {} }, """));

    [Fact]
    public void Compile_QueueWithIt_IsInOrder() =>
        Assert.Equal(7, Read(""" "OrleansLb": { "AdaptiveConcurrency": {}, "Queue": { "Limit": 7 } }, """)!.QueueLimit);

    [Fact]
    public void Compile_LimitBelowTheDefaultLeast_IsTheLeast() =>
        Assert.Equal(2, Read(""" "OrleansLb": { "MaxConcurrentRequestsPerDestination": 2, "AdaptiveConcurrency": {} }, """)!.Adaptive!.MinConcurrency);

    [Fact]
    public void Compile_LeastAboveTheLimit_IsRefused()
    {
        var error = Assert.Single(Compile(""" "OrleansLb": { "MaxConcurrentRequestsPerDestination": 4, "AdaptiveConcurrency": { "MinConcurrency": 5 } }, """).Errors);
        Assert.Equal(("ReverseProxy:Clusters:app:OrleansLb:AdaptiveConcurrency:MinConcurrency", "'5' is more than MaxConcurrentRequestsPerDestination, which is 4"), (error.Path, error.Message));
    }

    private static ConcurrencyDefinition? Read(string ours)
    {
        var result = Compile(ours);
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"].Concurrency;
    }

    private static CompilationResult Compile(string ours) => TestDocuments.Compile(TestDocuments.OfJson(
        $$"""{ "ReverseProxy": { "Clusters": { "app": { {{ours}} "Destinations": { "a": { "Address": "http://10.0.0.1/" } } } } } }"""));
}
