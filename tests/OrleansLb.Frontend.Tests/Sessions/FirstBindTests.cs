namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>Sessions whose first requests come through two front-ends at once, while silos are killed.</summary>
public sealed class FirstBindTests
{
    private const int Trials = 10_000;
    private const int Batches = 10;
    private const int AtOnce = 48;

    [Fact]
    public async Task FirstRequests_ThroughTwoFrontendsAtOnce_LandOnOneBackendAndStayThereThroughKillsOfSilos()
    {
        await using var cluster = await SessionCluster.Start(silos: 3);
        var unboundBefore = cluster.Placed("unbound");
        var places = new string[Trials];
        for (var batch = 0; batch < Batches; batch++)
        {
            var unbound = cluster.Placed("unbound");
            var isKilled = batch is 3 or 7;
            var kill = isKilled ? Kill(cluster) : Task.CompletedTask;
            await Parallel.ForEachAsync(Enumerable.Range(batch * (Trials / Batches), Trials / Batches), Options, async (trial, _) =>
            {
                var session = $"trial {trial}";
                var both = await Task.WhenAll(cluster.Ask(trial % 2, session), cluster.Ask(1 - (trial % 2), session));
                places[trial] = both[0] == both[1] ? both[0] : throw new InvalidOperationException($"{session} was at {both[0]} and {both[1]}.");
            });
            await kill;
            if (!isKilled)
                Assert.Equal(unbound, cluster.Placed("unbound"));
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{Trials} first requests through two front-ends: {cluster.Placed("unbound") - unboundBefore} unbound, {cluster.Placed("unconfirmed")} unconfirmed, {cluster.Placed("remembered")} remembered");
        Assert.Equal(4, places.Distinct().Count());
        await Parallel.ForEachAsync(Enumerable.Range(0, Trials / Batches), Options, async (number, _) =>
            Assert.Equal(places[number * Batches], await cluster.Ask(number % 2, $"trial {number * Batches}")));
    }

    private static ParallelOptions Options => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };

    private static Task Kill(SessionCluster cluster) => cluster.Silos.KillSiloAsync(cluster.Silos.Silos[^1], TestContext.Current.CancellationToken);
}
