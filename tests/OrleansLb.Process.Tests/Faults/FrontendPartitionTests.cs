using System.Diagnostics;
using System.Globalization;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F8a: front-ends that silos cannot reach, in each of the ways there are.</summary>
[Collection(NetworkCollection.Name)]
public sealed class FrontendPartitionTests(NetworkCluster cluster)
{
    private const string Row = "F8";
    private const double RequestsPerSecond = 100;

    // A busy test machine gets twice the bars.
    private static readonly TimeSpan SaysSo = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan IsBack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Until then a front-end that is cut off only refuses what is limited.
    private static readonly TimeSpan AloneAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(9);

    [Fact]
    public async Task Partition_FrontendsFromSilos_NoneFails_LimitsDoAsTheySay_AndTheyAgreeAfterwards()
    {
        await cluster.IsWhole();
        var frontends = cluster.Processes.Frontends;
        var (lacksOne, bothWays, hearsNothing, isNotHeard) = (frontends[0], frontends[1], frontends[2], frontends[3]);
        await using var load = NetworkCluster.Load(RequestsPerSecond, frontends);
        await using var limits = new UnreachableLimits(frontends);
        await limits.AllAreAdmitted(cluster.Processes);

        var cut = Stopwatch.GetTimestamp();
        await cluster.Network.Cut(lacksOne.Name, cluster.Processes.Silos[0].Name);
        foreach (var silo in cluster.Processes.Silos)
        {
            await cluster.Network.Cut(bothWays.Name, silo.Name);
            await cluster.Network.Lose(silo.Name, hearsNothing.Name);
            await cluster.Network.Lose(isNotHeard.Name, silo.Name);
        }

        FrontendProcess[] alone = [bothWays, hearsNothing, isNotHeard];
        var cutAt = limits.Elapsed;
        var said = await Task.WhenAll(alone.Select(frontend => SaysThatNoSiloAnswers(frontend, cut)));
        cluster.ChangeConfiguration();
        await Eventually.Holds("the cut has lasted", Patience, () => Task.FromResult(Stopwatch.GetElapsedTime(cut) >= Cut));
        var version = (long)(await cluster.Processes.GetStatus())!["version"]!;

        var healedAt = limits.Elapsed;
        var healed = Stopwatch.GetTimestamp();
        await cluster.Network.Heal();
        var agreed = await Task.WhenAll(alone.Select(frontend => Serves(frontend, version, healed)));
        await cluster.IsWhole();

        var (outcomes, limited) = (await load.Stop(), await limits.Stop());
        string[] kinds = ["cut off both ways", "hears nothing", "is not heard"];
        for (var i = 0; i < alone.Length; i++)
            SayTimes(kinds[i], said[i], agreed[i]);
        AssertNoneFailed([.. outcomes, .. limited]);
        AssertNothingIsExceeded(limited);
        foreach (var frontend in alone)
            AssertObeys(limited, frontend, cutAt + AloneAfter, healedAt);
        AssertIsAnswered(limited, lacksOne, cutAt + AloneAfter, healedAt);
        Assert.All(said, static took => Assert.True(took <= 2 * SaysSo, $"It took {took} until it said that it is alone."));
        Assert.All(agreed, static took => Assert.True(took <= 2 * IsBack, $"It took {took} until it served what the others did."));
    }

    private static void SayTimes(string fault, TimeSpan said, TimeSpan agreed)
    {
        FaultFigures.Say(Row, $"front-end {fault}", "says that no silo answers after", $"{said.TotalMilliseconds:F0} ms", "3 s", "a degraded front-end says so");
        FaultFigures.Say(Row, $"front-end {fault}", "serves the cluster's configuration after the healing", $"{agreed.TotalMilliseconds:F0} ms", "2 s", "one version everywhere");
    }

    private void AssertNoneFailed(IReadOnlyCollection<RequestOutcome> outcomes)
    {
        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        FaultFigures.Say(Row, "front-ends cut off", "failed requests", $"{failed.Count} of {outcomes.Count}", "0", "traffic needs no silo");
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}\n{cluster.Processes.Logs()}");
    }

    private static void AssertNothingIsExceeded(IReadOnlyList<RequestOutcome> limited)
    {
        foreach (var name in (string[])["Share", "Deny"])
        {
            var excess = UnreachableLimits.Excess(limited, name);
            FaultFigures.Say(Row, "front-ends cut off", $"admitted beyond a limit with {name}", $"{Math.Max(0, excess):F1}", "0", "limits are never exceeded");
            Assert.True(excess <= 0, $"{excess} more than the envelope with {name}.");
        }
    }

    private static void AssertObeys(IReadOnlyList<RequestOutcome> limited, FrontendProcess frontend, TimeSpan from, TimeSpan to)
    {
        var (share, deny, allow) = (PartOf(limited, "Share", frontend, from, to), PartOf(limited, "Deny", frontend, from, to), PartOf(limited, "Allow", frontend, from, to));
        FaultFigures.Say(
            Row, $"{frontend.Name} cut off", "admitted with Share, Deny, Allow", string.Create(CultureInfo.InvariantCulture, $"{share:P0}, {deny:P0}, {allow:P0}"), "some, 0 %, 100 %", "WhenUnreachable is obeyed");
        Assert.InRange(share, 0.05, 0.95);
        Assert.Equal(0, deny);
        Assert.Equal(1, allow);
    }

    /// <summary>Nothing admits for somebody alone with Deny: whoever is admitted has asked the cluster, by way of the silos that it reaches, and the silo that it does not reach too.</summary>
    private static void AssertIsAnswered(IReadOnlyList<RequestOutcome> limited, FrontendProcess frontend, TimeSpan from, TimeSpan to)
    {
        var admitted = PartOf(limited, "Deny", frontend, from, to);
        FaultFigures.Say(Row, "front-end cut off from one silo of three", "admitted by the cluster with Deny", string.Create(CultureInfo.InvariantCulture, $"{admitted:P0}"), "some", "the other silos are asked");
        Assert.True(admitted > 0.05, $"{admitted:P1} of its requests were admitted.");
    }

    private static double PartOf(IReadOnlyList<RequestOutcome> limited, string name, FrontendProcess frontend, TimeSpan from, TimeSpan to)
    {
        var asked = UnreachableLimits.At(limited, name, frontend, from, to);
        return (double)asked.Count(static outcome => outcome.Status == 200) / asked.Count;
    }

    private Task<TimeSpan> SaysThatNoSiloAnswers(FrontendProcess frontend, long since) => Since(since, $"{frontend.Name} says that no silo answers", async () =>
        (await cluster.Processes.TryGet(new Uri(frontend.Status, "/readyz?verbose")))?.Contains("no silo has answered", StringComparison.Ordinal) == true);

    private Task<TimeSpan> Serves(FrontendProcess frontend, long version, long since) => Since(since, $"{frontend.Name} serves version {version}", async () =>
        (await cluster.Processes.TryGet(new Uri(frontend.Status, "/metrics")))?.Split('\n')
            .Any(line => line.StartsWith("orleanslb_snapshot_version{", StringComparison.Ordinal) && ValueOf(line) == version) == true);

    private async Task<TimeSpan> Since(long timestamp, string what, Func<Task<bool>> condition)
    {
        await Eventually.Holds(what, Patience, condition, cluster.Processes.Logs);
        return Stopwatch.GetElapsedTime(timestamp);
    }

    // "name{labels} value" or "name{labels} value timestamp".
    private static double ValueOf(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
