using System.Diagnostics;
using OrleansLb.Core.Health;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Health;

public sealed class ProbeRateTests
{
    private const int Frontends = 10;
    private const int Backends = 50;
    private const int Rounds = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Shortest = Interval * 0.9;
    private static readonly TimeSpan Longest = Interval * 1.1;

    [Fact]
    public async Task Probes_TenFrontendsAndFiftyBackends_AreBackendsOverIntervalASecond()
    {
        var directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
        await using var backends = await ProbeCounters.Start(Backends);
        await using var cluster = await TestClusters.Start(silos: 2);
        await cluster.Client.Apply(TestConfigurations.OnePool(backends.Addresses).With(
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Enabled", "true"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Interval", $"{Interval}"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Timeout", "00:00:30")));
        var frontends = await Task.WhenAll(Enumerable.Range(0, Frontends).Select(i =>
            ClusterFrontend.Start(Path.Combine(directory, $"fe-{i}"), cluster.Client, id: $"fe-{i}")));
        await Task.WhenAll(frontends.Select(static frontend => frontend.Reaches(static pool =>
            pool.Slots.Length == Backends && pool.Health.Statuses.ToArray().All(static status => status.State == BackendState.Up))));

        var (began, before) = (Stopwatch.GetTimestamp(), backends.Probes);
        await backends.More(Rounds * Backends);
        var (took, counts) = (Stopwatch.GetElapsedTime(began), backends.Probes.Zip(before, static (now, then) => now - then).ToArray());

        TestContext.Current.SendDiagnosticMessage($"{counts.Sum()} probes in {took}: {counts.Sum() / took.TotalSeconds:F1} a second, from {counts.Min()} to {counts.Max()} at a backend");
        // A machine that is busy probes more seldom, never more often.
        Assert.All(counts, count => Assert.InRange(count, 1, (took / Shortest) + 1));
        Assert.True(took < (Rounds * Longest * 3), $"{counts.Sum()} probes took {took}");

        foreach (var frontend in frontends)
            await frontend.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
