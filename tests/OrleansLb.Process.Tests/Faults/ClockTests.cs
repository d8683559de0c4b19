using System.Globalization;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F10: the clocks of a silo and of a front-end are wrong by minutes, in opposite directions, and step.</summary>
[Collection(NetworkCollection.Name)]
public sealed class ClockTests(NetworkCluster cluster)
{
    private const string Row = "F10";
    private const string Fault = "clocks of a silo and a front-end wrong by 5 min, and stepping";
    private const double RequestsPerSecond = 100;
    private const int Wrong = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task WrongClocks_Steps_NoRequestFails_NoVerdictChanges_AndNoLimitIsExceeded()
    {
        using var siloClock = new FakeClock(Wrong);
        using var frontendClock = new FakeClock(-Wrong);
        var silo = await cluster.AddSilo("silo-clock", place => place with { Environment = siloClock.Environment });
        var frontend = await cluster.AddFrontend("fe-clock", place => place with { Environment = frontendClock.Environment });
        await cluster.IsWhole();
        AssertIsWrong(frontend);

        var lost = LostBackends();
        await using var load = NetworkCluster.Load(RequestsPerSecond, cluster.Processes.Frontends);
        await using var limits = new UnreachableLimits([cluster.Processes.Frontends[0], frontend]);
        await limits.AllAreAdmitted(cluster.Processes);
        foreach (var (ofSilo, ofFrontend) in ((int, int)[])[(Wrong, -Wrong), (-Wrong, Wrong), (Wrong, -Wrong)])
        {
            siloClock.Set(ofSilo);
            frontendClock.Set(ofFrontend);
            var stepped = load.Elapsed;
            await Eventually.Holds("the step has lasted", Patience, () => Task.FromResult(load.Elapsed >= stepped + Step));
            await limits.GoOnAdmitting(frontend, cluster.Processes);
        }

        cluster.ChangeConfiguration();
        await cluster.IsWhole();
        AssertTraffic([.. await load.Stop(), .. await limits.Stop()], LostBackends() - lost);
        Assert.All(cluster.Processes.Silos, static each => Assert.False(each.HasExited, $"{each.Name} has ended.\n{each.Output}"));
        await cluster.Remove(frontend);
        await cluster.Remove(silo);
        await cluster.IsWhole();
    }

    private void AssertTraffic(IReadOnlyList<RequestOutcome> outcomes, int lost)
    {
        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        var excess = new[] { "Share", "Deny" }.Max(name => UnreachableLimits.Excess(outcomes, name));
        FaultFigures.Say(Row, Fault, "failed requests", $"{failed.Count} of {outcomes.Count}", "0");
        FaultFigures.Say(Row, Fault, "false verdicts about backends", $"{lost}", "0");
        FaultFigures.Say(Row, Fault, "admitted beyond a limit", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, excess):F1}"), "0");
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}\n{cluster.Processes.Logs()}");
        Assert.True(lost == 0, $"Backends were taken out {lost} times.\n{cluster.Processes.Logs()}");
        Assert.True(excess <= 0, $"{excess} more than the envelope.");
    }

    // Its own log tells that the clock is wrong; else nothing was tested.
    private static void AssertIsWrong(FrontendProcess frontend)
    {
        var said = DateTimeOffset.Parse(frontend.Output.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True((DateTimeOffset.UtcNow - said).TotalSeconds > Wrong / 2, $"Its clock says {said}.");
    }

    private int LostBackends() => cluster.Processes.Silos.Concat<ProductProcess>(cluster.Processes.Frontends)
        .Sum(static process => process.Output.Split("went from Up to ", StringSplitOptions.None).Length - 1);
}
