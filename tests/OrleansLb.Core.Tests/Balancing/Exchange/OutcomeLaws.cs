using CsCheck;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

/// <summary>What must hold of outcomes and of failures in a row, whatever happens to reports and replies.</summary>
public sealed class OutcomeLaws
{
    private const int Frontends = 3;
    private const int Runs = 5000;

    private static readonly Gen<OutcomeStep[]> Trouble = Steps(poolRestarts: 1, frontendRestarts: 1).Array[0, 200];
    private static readonly Gen<OutcomeStep[]> TroubleOfMessages = Steps(poolRestarts: 0, frontendRestarts: 0).Array[0, 200];

    // What a front-end did and did not live to tell nobody can know.
    private static readonly Gen<OutcomeStep[]> TroubleThatFrontendsSurvive = Steps(poolRestarts: 1, frontendRestarts: 0).Array[0, 200];

    [Fact]
    public void AStreakIsNoLongerThanFailuresOfTheWholeClusterWereInARow() => TroubleThatFrontendsSurvive.Sample(static steps =>
    {
        var network = new OutcomeNetwork(Frontends);
        foreach (var step in steps)
        {
            network.Apply(step);
            foreach (var streak in network.Pool.Streaks(2, OutcomeNetwork.Now))
                Assert.InRange(streak.Length, 2, network.LongestRun);
        }
    }, iter: Runs);

    [Fact]
    public void ADeadBackendIsFoundAfterAFewExchangesWhateverWasLostBefore() => Trouble.Sample(static steps =>
    {
        var network = Troubled(steps);
        // A pool that lost its memory: the whole row, its level, two rounds until what is new is known to be; two to fail, two to vouch.
        const int Most = 8;
        var rounds = 0;
        while (network.Pool.Streaks(5, OutcomeNetwork.Now).Count == 0)
        {
            Assert.True(++rounds <= Most, "a backend that fails every request of three front-ends was not found");
            for (var i = 0; i < Frontends; i++)
            {
                network.Observe(i, failed: true);
                network.ExchangeCleanly(i);
            }
        }
    }, iter: Runs);

    [Fact]
    public void OnceAllHaveArrivedTheSumsAreTheTruthInWhateverOrderTheyCame() => TroubleOfMessages.Sample(static steps =>
    {
        var network = Troubled(steps);
        for (var i = 0; i < Frontends; i++)
            network.ExchangeCleanly(i);
        Assert.Equal(network.Truth, network.Pool.OutcomesOf(OutcomeNetwork.Key));
    }, iter: Runs);

    [Fact]
    public void SumsOnlyGrow() => Trouble.Sample(static steps =>
    {
        var network = new OutcomeNetwork(Frontends);
        var (pool, before) = (network.Pool, default(OutcomeCounters));
        foreach (var step in steps)
        {
            network.Apply(step);
            var now = network.Pool.OutcomesOf(OutcomeNetwork.Key);
            if (ReferenceEquals(pool, network.Pool))
                Assert.True(now.Answers >= before.Answers && now.GatewayFailures >= before.GatewayFailures && now.HeadTime >= before.HeadTime);
            (pool, before) = (network.Pool, now);
        }
    }, iter: Runs);

    private static Gen<OutcomeStep> Steps(int poolRestarts, int frontendRestarts) => Gen.Select(
        Gen.Frequency(
            (12, Gen.Const(OutcomeStepKind.Outcome)),
            (12, Gen.Const(OutcomeStepKind.Exchange)),
            (4, Gen.Const(OutcomeStepKind.Send)),
            (4, Gen.Const(OutcomeStepKind.DeliverReport)),
            (4, Gen.Const(OutcomeStepKind.DeliverReply)),
            (poolRestarts, Gen.Const(OutcomeStepKind.RestartPool)),
            (frontendRestarts, Gen.Const(OutcomeStepKind.RestartFrontend))),
        Gen.Int[0, Frontends - 1],
        Gen.Int[0, 100_000],
        static (kind, frontend, choice) => new OutcomeStep(kind, frontend, choice));

    private static OutcomeNetwork Troubled(OutcomeStep[] steps)
    {
        var network = new OutcomeNetwork(Frontends);
        foreach (var step in steps)
            network.Apply(step);
        return network;
    }
}
