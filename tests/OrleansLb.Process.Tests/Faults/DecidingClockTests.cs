using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F10 where it would do the most harm: the clock of the only silo, which decides everything, and that of a front-end are wrong by minutes, in opposite directions, and step.</summary>
public sealed class DecidingClockTests
{
    private const double RequestsPerSecond = 100;
    private const int Wrong = 300;
    private const int Hour = 3600;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task WrongClocks_Steps_NoRequestFails_NoVerdictChanges_LimitsAreNeitherExceededNorStop_AndASiloJoins()
    {
        using var ofSilo = new FakeClock(Wrong);
        using var ofFrontend = new FakeClock(-Wrong);
        await using var cluster = await ProcessCluster.Start(silos: 1, configure: UnreachableLimits.AddTo, places: name => name switch
        {
            "silo-1" => ProcessPlace.Loopback with { Environment = ofSilo.Environment },
            "fe-2" => ProcessPlace.Loopback with { Environment = ofFrontend.Environment },
            _ => ProcessPlace.Loopback,
        });
        await using var limits = new UnreachableLimits(cluster.Frontends);
        await limits.AllAreAdmitted(cluster);
        await PoolCounts.BecomeRight(cluster);
        await using var load = new OpenLoopLoad(RequestsPerSecond, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        foreach (var ahead in (int[])[-Wrong, Wrong])
        {
            ofSilo.Set(ahead);
            ofFrontend.Set(-ahead);
            var stepped = load.Elapsed;
            await Eventually.Holds("the step has lasted", Patience, () => Task.FromResult(load.Elapsed >= stepped + Step));
            foreach (var frontend in cluster.Frontends)
                await limits.GoOnAdmitting(frontend, cluster);
        }

        // By the clock of the first it began an hour ago, and has not joined yet.
        ofSilo.Set(Hour);
        cluster.Silos.Add(cluster.StartSilo("silo-2"));
        await cluster.IsReady();

        var (outcomes, ofLimits) = (await load.Stop(), await limits.Stop());
        Failures.AssertNone([.. outcomes, .. ofLimits], cluster);
        Assert.All(cluster.Frontends, static frontend => Assert.DoesNotContain("went from Up to ", frontend.Output, StringComparison.Ordinal));
        foreach (var limit in (string[])["Share", "Deny"])
        {
            var excess = UnreachableLimits.Excess(ofLimits, limit);
            Assert.True(excess <= 0, $"{limit}: {excess} more than the envelope.");
        }
    }
}
