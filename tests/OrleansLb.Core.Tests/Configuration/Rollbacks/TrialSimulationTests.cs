using OrleansLb.Core.Configuration.Rollbacks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

/// <summary>Clusters whose requests fail by chance, before and after a change.</summary>
public sealed class TrialSimulationTests
{
    private const int SecondsBefore = 20;

    private static readonly RollbackDefinition Rules = new();

    [Fact]
    public void AHarmfulVersion_IsCondemnedWithinSixLooks() => ForEachCluster(200, static (cluster, random) =>
    {
        var tried = Start(cluster);
        var rise = 0.35 + (0.65 * random.NextDouble());
        Assert.True(tried.Push());

        Assert.Contains(TrialVerdict.Failed, Enumerable.Range(0, 6).Select(_ => tried.Pass(Math.Min(1, cluster.Failing + rise))));
    });

    [Fact]
    public void AVersionThatChangesNothing_ProvesItself_HoweverFewRequestsThereAre_AndWhoeverStartsAgainMeanwhile() => ForEachCluster(200, static (cluster, random) =>
    {
        var tried = Start(cluster with { Rate = cluster.Rate / random.Next(1, 21) }, Rules with { MinRequests = 20 });
        Assert.True(tried.Push());

        for (var second = 0; second < 60; second++)
        {
            if (random.Next(10) == 0)
                tried.RestartFrontend();
            if (random.Next(10) == 0)
                tried.Forget();
            Assert.NotEqual(TrialVerdict.Failed, tried.Pass(cluster.Failing));
        }
    });

    [Fact]
    public void BackendsThatBeganToFailThreeSecondsBefore_AreNotHeldAgainstTheVersion() => ForEachCluster(100, static (cluster, _) =>
    {
        var tried = Start(cluster);
        for (var second = 0; second < 4; second++)
            tried.Pass(0.95);
        Assert.True(tried.Push());

        for (var second = 0; second < 60; second++)
            Assert.NotEqual(TrialVerdict.Failed, tried.Pass(0.95));
    });

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

    /// <summary>The same clusters each time: what happens by chance once in a million runs is no failure of a test.</summary>
    private static void ForEachCluster(int number, Action<(int Seed, int Frontends, int Rate, double Failing), Random> test)
    {
        for (var seed = 0; seed < number; seed++)
        {
            var random = new Random(seed);
            test((seed, random.Next(1, 6), random.Next(100, 601), 0.6 * random.NextDouble()), random);
        }
    }

    private static TriedCluster Start((int Seed, int Frontends, int Rate, double Failing) cluster, RollbackDefinition? rules = null)
    {
        var tried = new TriedCluster(cluster.Seed, cluster.Frontends, cluster.Rate, rules ?? Rules);
        for (var second = 0; second < SecondsBefore; second++)
            tried.Pass(cluster.Failing);
        return tried;
    }
}
