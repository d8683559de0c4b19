using CsCheck;
using OrleansLb.Core.Configuration.Rollbacks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

/// <summary>Clusters whose requests fail by chance, before and after a change.</summary>
public sealed class TrialSimulationTests
{
    private const int SecondsBefore = 20;

    private static readonly RollbackDefinition Rules = new();

    private static readonly Gen<(int Seed, int Frontends, int Rate, double Failing)> Clusters =
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 5], Gen.Int[100, 600], Gen.Double[0, 0.6]);

    [Fact]
    public void AHarmfulVersion_IsCondemnedWithinSixLooks() => Gen.Select(Clusters, Gen.Double[0.35, 1]).Sample(
        static (cluster, rise) =>
        {
            var tried = Start(cluster);
            Assert.True(tried.Push());

            Assert.Contains(TrialVerdict.Failed, Enumerable.Range(0, 6).Select(_ => tried.Pass(Math.Min(1, cluster.Failing + rise))));
        },
        iter: 200,
        seed: "0000KOIPZBa0",
        threads: 1);

    [Fact]
    public void AVersionThatChangesNothing_ProvesItself_HoweverFewRequestsThereAre_AndWhoeverStartsAgainMeanwhile() => Gen.Select(Clusters, Gen.Int[1, 20]).Sample(
        static (cluster, fewer) =>
        {
            var (tried, random) = (Start(cluster with { Rate = cluster.Rate / fewer }, Rules with { MinRequests = 20 }), new Random(cluster.Seed));
            Assert.True(tried.Push());

            for (var second = 0; second < 60; second++)
            {
                if (random.Next(10) == 0)
                    tried.RestartFrontend();
                if (random.Next(10) == 0)
                    tried.Forget();
                Assert.NotEqual(TrialVerdict.Failed, tried.Pass(cluster.Failing));
            }
        },
        iter: 200,
        seed: "0000KOIPZBa0",
        threads: 1);

    [Fact]
    public void BackendsThatBeganToFailThreeSecondsBefore_AreNotHeldAgainstTheVersion() => Clusters.Sample(
        static cluster =>
        {
            var tried = Start(cluster);
            for (var second = 0; second < 4; second++)
                tried.Pass(0.95);
            Assert.True(tried.Push());

            for (var second = 0; second < 60; second++)
                Assert.NotEqual(TrialVerdict.Failed, tried.Pass(0.95));
        },
        iter: 100,
        seed: "0000KOIPZBa0",
        threads: 1);

    [Fact]
    public void AnotherActivation_CondemnsByTheSameEvidence()
    {
        var tried = Start((Seed: 7, Frontends: 3, Rate: 300, Failing: 0.01));
        Assert.True(tried.Push());
        Assert.Equal(TrialVerdict.Open, tried.Pass(0.5));

        tried.Forget();

        Assert.Equal(TrialVerdict.Open, tried.Pass(0.5));
        Assert.Equal(TrialVerdict.Failed, tried.Pass(0.5));
    }

    [Fact]
    public void AMomentOfFailures_WhileFrontendsChangeOver_CondemnsNobody()
    {
        var tried = Start((Seed: 8, Frontends: 3, Rate: 300, Failing: 0.01));
        Assert.True(tried.Push());

        Assert.Equal(TrialVerdict.Open, tried.Pass(0.9));
        for (var second = 0; second < 58; second++)
            Assert.Equal(TrialVerdict.Open, tried.Pass(0.01));
        Assert.Equal(TrialVerdict.Proven, tried.Pass(0.01));
    }

    private static TriedCluster Start((int Seed, int Frontends, int Rate, double Failing) cluster, RollbackDefinition? rules = null)
    {
        var tried = new TriedCluster(cluster.Seed, cluster.Frontends, cluster.Rate, rules ?? Rules);
        for (var second = 0; second < SecondsBefore; second++)
            tried.Pass(cluster.Failing);
        return tried;
    }
}
