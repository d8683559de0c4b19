using System.Diagnostics;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class FrontendDeathTests
{
    private const int Held = 30;

    [Fact]
    public async Task Kill_FrontendWithRequestsInFlight_ItsCountsLeaveTheTotalsWithinASecond()
    {
        await using var cluster = await ProcessCluster.Start();
        using var client = new HttpClient();
        var doomed = cluster.Frontends[0];
        var requests = Enumerable.Range(0, Held)
            .Select(_ => client.GetAsync(new Uri(doomed.Address, "/delay/50000"), TestContext.Current.CancellationToken))
            .ToArray();
        await Eventually.Holds("the cluster counts the held requests", TimeSpan.FromSeconds(20), async () =>
            await cluster.GetStatus() is { } status && status.RequestsInFlight("app", doomed.Name) == Held && status.RequestsInFlight("app") == Held, cluster.Logs);

        await doomed.Kill();
        var killed = Stopwatch.GetTimestamp();
        await Eventually.Holds("the dead front-end's counts are gone", TimeSpan.FromSeconds(20), async () =>
            await cluster.GetStatus() is { } status && status.RequestsInFlight("app") == 0, cluster.Logs);
        var gone = Stopwatch.GetElapsedTime(killed);

        TestContext.Current.SendDiagnosticMessage($"counts gone after {gone.TotalMilliseconds:F0} ms");
        Assert.True(gone <= TimeSpan.FromSeconds(1), $"The counts left after {gone}.");
        foreach (var request in requests)
            await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }
}
