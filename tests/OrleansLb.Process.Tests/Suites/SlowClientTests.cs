using System.Globalization;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Suites;

/// <summary>Slow clients by the thousand, of the public suite <c>slowhttptest</c>.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class SlowClientTests(AttackedEdge edge, SharedCluster cluster) : IClassFixture<AttackedEdge>
{
    private const int OfEachKind = 1_500;

    // Fewer: the kernel keeps megabytes for each, and of all connections together not many more.
    private const int Readers = 50;
    private const int All = (2 * OfEachKind) + Readers;
    private const double RequestsPerSecond = 50;
    private const long BytesOfAConnection = 32 * 1024;

    // What the collector lets lie about, however few connect.
    private const long BytesOfTheRest = 64 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    // What a busy machine and a server that looks once a second add.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task SlowClients_ThousandsOfEachKind_AreEndedInTime_OthersAreServedAndMemoryIsBounded()
    {
        var frontend = edge.Frontend;
        await using var load = new OpenLoopLoad(RequestsPerSecond, [edge.Address]);
        await Eventually.Holds("another client is served", Limit, () => Task.FromResult(load.Outcomes.Count > RequestsPerSecond));
        ProcessMemory.ForgetMost(frontend.Id);
        var before = ProcessMemory.Now(frontend.Id);

        await using var heads = SlowClients.SendingHeads(edge.Address, OfEachKind);
        await using var bodies = SlowClients.SendingBodies(edge.Address, OfEachKind);
        await using var readers = SlowClients.Reading(edge.HugeAddress, Readers);
        await Task.WhenAll(
            AreEnded(heads, "request_headers_timeout", TimeSpan.FromSeconds(10), longest: 60),
            AreEnded(bodies, "min_request_body_data_rate", TimeSpan.FromSeconds(5), longest: 60),
            AreEnded(readers, "write_canceled", TimeSpan.FromSeconds(60), longest: 120));

        var most = ProcessMemory.Most(frontend.Id) - before;
        var outcomes = await load.Stop();
        TestContext.Current.SendDiagnosticMessage(string.Create(
            CultureInfo.InvariantCulture, $"{All:N0} slow connections had {most / 1024.0 / All:F1} KiB each, beside {before >> 20} MiB; another client was answered {outcomes.Count:N0} times, after {outcomes.Max(static outcome => outcome.Duration).TotalMilliseconds:F0} ms at most."));
        Assert.All(outcomes, static outcome => Assert.False(outcome.Failed, $"{outcome}"));
        Assert.True(most <= (All * BytesOfAConnection) + BytesOfTheRest, $"It had {most >> 20} MiB more than the {before >> 20} MiB before.");
    }

    /// <summary>All of them and for that reason, none before its time, and none much later.</summary>
    private async Task AreEnded(SlowClients clients, string reason, TimeSpan time, int longest)
    {
        ConnectionEnds ends;
        using var pace = new PeriodicTimer(Pace);
        using var limit = new CancellationTokenSource(Limit);
        do
        {
            await pace.WaitForNextTickAsync(limit.Token);
            ends = await ConnectionEnds.Of(cluster.Processes, edge.Frontend, reason, longest);
        }
        while (ends.Count < clients.Count);

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{ends.Count:N0} {clients.Name} were ended after {ends.Mean.TotalSeconds:F1} s on the average: {reason}."));
        Assert.Equal((clients.Count, 0), (ends.Count, ends.Longer));
        Assert.InRange(ends.Mean, time, time + Late);
    }
}
