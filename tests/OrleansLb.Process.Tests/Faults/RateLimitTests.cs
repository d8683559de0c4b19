using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class RateLimitTests
{
    private const double Limit = 100;
    private const double Demand = 1000;

    // Clocks may run apart by a thousandth.
    private const double Tolerance = 1 + 2e-3;

    private static readonly TimeSpan Run = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Exact")]
    [InlineData("Leased")]
    public async Task TokenBucket_TenTimesTheLimitSplitEightyTwenty_IsNeverExceededAndIsUsed(string mode)
    {
        var admitted = await Admitted(new JsonObject
        {
            ["Algorithm"] = "TokenBucket",
            ["TokenLimit"] = Limit,
            ["TokensPerPeriod"] = Limit,
            ["ReplenishmentPeriod"] = "00:00:01",
            ["Partition"] = "Header",
            ["PartitionHeader"] = "X-Key",
            ["Mode"] = mode,
        });

        var allowed = Limit + (Limit * Run.TotalSeconds);
        TestContext.Current.SendDiagnosticMessage($"{mode}: {admitted.Count} of {allowed} admitted, worst excess {Envelope.WorstExcess(admitted, Limit, Limit * Tolerance):F2}");
        Assert.True(Envelope.WorstExcess(admitted, Limit, Limit * Tolerance) <= 0, "More was admitted than B + R x.");
        Assert.True(admitted.Count >= 0.95 * allowed, $"Only {admitted.Count} of {allowed} were used.");
    }

    [Fact]
    public async Task SlidingWindowCounter_TenTimesTheLimitSplitEightyTwenty_IsNeverExceededAndIsUsed()
    {
        var admitted = await Admitted(new JsonObject
        {
            ["Algorithm"] = "SlidingWindowCounter",
            ["PermitLimit"] = Limit,
            ["Window"] = "00:00:01",
            ["Partition"] = "Header",
            ["PartitionHeader"] = "X-Key",
            ["Mode"] = "Exact",
        });

        // previous * (1 - elapsed / W) + current <= L at every admission allows 2 L in the worst interval of length W.
        var most = Envelope.MostIn(admitted, TimeSpan.FromSeconds(1));
        TestContext.Current.SendDiagnosticMessage($"{admitted.Count} admitted, at most {most} in a window");
        Assert.True(most <= 2 * Limit, $"{most} were admitted within one window.");
        Assert.InRange(admitted.Count, 0.95 * Limit * Run.TotalSeconds, Limit * (Run.TotalSeconds + 2));
    }

    private static async Task<List<RequestOutcome>> Admitted(JsonObject policy)
    {
        await using var cluster = await ProcessCluster.Start(configure: configuration =>
        {
            configuration["ReverseProxy"]!["Routes"]!["app"]!["RateLimiterPolicy"] = "limit";
            configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = new JsonObject { ["limit"] = policy } } };
        });
        var (busy, calm) = (cluster.Frontends[0].Address, cluster.Frontends[1].Address);
        await using var load = new OpenLoopLoad(Demand, [busy, busy, calm, busy, busy], static request => request.Headers.Add("X-Key", "one"));
        await Eventually.Holds("something is admitted", Run, () => Task.FromResult(load.Outcomes.Any(static outcome => outcome.Status == 200)), cluster.Logs);
        // A range that was never used asks every front-end what it knows before it admits anything; the run begins after that.
        var began = load.Outcomes.Where(static outcome => outcome.Status == 200).Min(static outcome => outcome.At + outcome.Duration);
        await Eventually.Holds("the run is over", Run * 3, () => Task.FromResult(load.Elapsed >= began + Run));
        var outcomes = await load.Stop();

        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}");
        Assert.Contains(outcomes, static outcome => outcome.Status == 429);
        return [.. outcomes.Where(static outcome => outcome.Status == 200)];
    }
}
