using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class CircuitSettingsTests
{
    [Fact]
    public void Compile_EveryKey_IsRead() => Assert.Equal(
        new CircuitDefinition
        {
            FailurePercent = 25,
            MinimumThroughput = 100,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = TimeSpan.FromSeconds(10),
            MaxBreakDuration = TimeSpan.FromMinutes(2),
            TrialTimeout = TimeSpan.FromSeconds(1),
        },
        Read("""
            "OrleansLb": { "CircuitBreaker": {
              "FailurePercent": 25, "MinimumThroughput": 100, "SamplingDuration": "00:00:30",
              "BreakDuration": "00:00:10", "MaxBreakDuration": "00:02:00", "TrialTimeout": "00:00:01" } },
            """));

    [Fact]
    public void Compile_EmptySection_SwitchesItOn() => Assert.Equal(new CircuitDefinition(), Read(""" "OrleansLb": { "CircuitBreaker": {} }, """));

    [Fact]
    public void Compile_LongBreak_IsNotCutByTheDefaultOfTheLongest() =>
        Assert.Equal(TimeSpan.FromMinutes(10), Read(""" "OrleansLb": { "CircuitBreaker": { "BreakDuration": "00:10:00" } }, """)!.MaxBreakDuration);

    [Fact]
    public void Compile_WithoutTheSection_NoCircuitBreaks() => Assert.Null(Read(""));

    private static CircuitDefinition? Read(string ours)
    {
        var result = TestDocuments.Compile(TestDocuments.OfJson(
            $$"""{ "ReverseProxy": { "Clusters": { "app": { {{ours}} "Destinations": { "a": { "Address": "http://10.0.0.1/" } } } } } }"""));
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"].Circuit;
    }
}
