using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class RetrySettingsTests
{
    [Fact]
    public void Compile_EveryKey_IsRead() => Assert.Equal(
        new RetryDefinition
        {
            MaxAttempts = 3,
            OnConnectFailure = true,
            OnReset = false,
            OnStatuses = Statuses("429,502-504"),
            MaxBodySize = 1000,
            BudgetPercent = 10,
            MinRetriesPerSecond = 5,
        },
        Read("""{ "MaxAttempts": 3, "On": [ "connectfailure", "429", "502-504" ], "MaxBodySize": 1000, "BudgetPercent": 10, "MinRetriesPerSecond": 5 }"""));

    [Fact]
    public void Compile_WithoutKeys_HasTheDefaults()
    {
        Assert.Equal(RetryDefinition.Default, Read("{}"));
        Assert.Equal(RetryDefinition.Default with { MaxAttempts = 1 }, Read("""{ "MaxAttempts": 1 }"""));
        Assert.Equal((2, true, true, null), (RetryDefinition.Default.MaxAttempts, RetryDefinition.Default.OnConnectFailure, RetryDefinition.Default.OnReset, RetryDefinition.Default.OnStatuses));
    }

    private static HttpStatusSet Statuses(string text) => HttpStatusSet.TryParse(text, out var set) ? set : throw new FormatException(text);

    private static RetryDefinition Read(string retry)
    {
        var result = TestDocuments.Compile(TestDocuments.OfJson(
            $$"""{ "ReverseProxy": { "Clusters": { "app": { "OrleansLb": { "Retry": {{retry}} }, "Destinations": { "a": { "Address": "http://10.0.0.1/" } } } } } }"""));
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"].Retry;
    }
}
