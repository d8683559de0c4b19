using CsCheck;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

/// <summary>What must hold whatever the network, the pool's silo and the front-ends do.</summary>
public sealed class ExchangeLaws
{
    private const int Runs = 500;

    private static readonly Gen<NetworkStep> AnyStep = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(NetworkStepKind.Change)),
            (8, Gen.Const(NetworkStepKind.Send)),
            (8, Gen.Const(NetworkStepKind.DeliverReport)),
            (8, Gen.Const(NetworkStepKind.DeliverReply)),
            (2, Gen.Const(NetworkStepKind.Wait)),
            (1, Gen.Const(NetworkStepKind.RestartPool)),
            (1, Gen.Const(NetworkStepKind.RestartFrontend)),
            (1, Gen.Const(NetworkStepKind.Leave))),
        Gen.Int[0, 2],
        Gen.Int[0, 100_000],
        static (kind, frontend, choice) => new NetworkStep(kind, frontend, choice));

    private static readonly Gen<NetworkStep[]> Trouble = AnyStep.Array[0, 120];

    [Fact]
    public void TotalsAreTheSumOfTheRowsAndNeverNegative() => Trouble.Sample(static steps =>
    {
        var network = new ExchangeNetwork(3);
        foreach (var step in steps)
        {
            network.Apply(step);
            var totals = network.Pool.Totals();
            var rows = network.Pool.Frontends(network.Now);
            Assert.All(totals, static total => Assert.True(total is { Requests: >= 0, Connections: >= 0 }));
            Assert.Equal(rows.Sum(static row => row.Requests), totals.Sum(static total => (long)total.Requests));
            Assert.Equal(rows.Sum(static row => row.Connections), totals.Sum(static total => (long)total.Connections));
        }
    }, iter: Runs);

    [Fact]
    public void AfterTheNetworkHealsOneExchangeOfEachMakesTheTotalsTheTruth() => Trouble.Sample(static steps =>
    {
        var network = Troubled(steps);
        for (var i = 0; i < network.Machines.Length; i++)
            network.ExchangeCleanly(i);
        Assert.Equal(network.Truth(), ExchangeNetwork.Sorted(network.Pool.Totals()));
    }, iter: Runs);

    [Fact]
    public void AfterTheNetworkHealsForeignIsWhatTheOthersHave() => Trouble.Sample(static steps =>
    {
        var network = Troubled(steps);
        network.Apply(new NetworkStep(NetworkStepKind.Wait, 0, 1000));
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < network.Machines.Length; i++)
                network.ExchangeCleanly(i);
        }

        for (var i = 0; i < network.Machines.Length; i++)
            AssertForeignIsTheRest(network, i);
    }, iter: Runs);

    [Fact]
    public void ALoneFrontendHasNothingForeign() => Trouble.Sample(static steps =>
    {
        var network = new ExchangeNetwork(1);
        foreach (var step in steps)
        {
            // A restart leaves the row of the process before behind: that one is foreign until its lease ends.
            if (step.Kind is NetworkStepKind.RestartFrontend or NetworkStepKind.Leave)
                continue;
            network.Apply(step);
            Assert.All(network.Machines[0].View.Requests.ToArray(), static count => Assert.Equal(0, count));
            Assert.All(network.Machines[0].View.Connections.ToArray(), static count => Assert.Equal(0, count));
        }
    }, iter: Runs);

    [Fact]
    public void ADeadFrontendLeavesWithinItsLeases() => Trouble.Sample(static steps =>
    {
        var network = Troubled(steps);
        network.Apply(new NetworkStep(NetworkStepKind.Wait, 0, 3999));
        Assert.All(network.Pool.Totals(), static total => Assert.Equal(0, total.Requests));
        for (var i = 0; i < 2; i++)
            network.Apply(new NetworkStep(NetworkStepKind.Wait, 0, 3999));
        Assert.Empty(network.Pool.Totals());
    }, iter: Runs);

    private static ExchangeNetwork Troubled(NetworkStep[] steps)
    {
        var network = new ExchangeNetwork(3);
        foreach (var step in steps)
            network.Apply(step);
        return network;
    }

    private static void AssertForeignIsTheRest(ExchangeNetwork network, int reader)
    {
        network.ExchangeCleanly(reader);
        var view = network.Machines[reader].View;
        for (var i = 0; i < ExchangeNetwork.Keys.Length; i++)
        {
            var key = ExchangeNetwork.Keys[i];
            var others = network.Counts.Where((_, index) => index != reader).SelectMany(static row => row).Where(entry => entry.Key == key).ToArray();
            Assert.Equal(others.Sum(static entry => entry.Requests), view.Requests[i]);
            Assert.Equal(others.Sum(static entry => entry.Connections), view.Connections[i]);
        }
    }
}
