using CsCheck;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health.Outliers;

public sealed class OutlierMachineLaws
{
    private const int MostBackends = 12;

    private static readonly HealthVerdict[] Verdicts = [Pools.Up, Pools.Up, Pools.Up, HealthVerdict.Joining, Pools.AnswersBadly, Pools.Unreachable];

    [Fact]
    public void TheCapIsNeverExceeded() => Walk(static (scene, settings, _) =>
    {
        var inService = scene.Pool.Members.Count(static member => member.Admin == AdminState.Active);
        var ejected = scene.Pool.Members.Count(static member => member is { Admin: AdminState.Active, Outlier.Ejection: not null });
        var most = Math.Min(Math.Max(1, settings.MaxEjectionPercent * inService / 100), Math.Max(0, inService - 1));
        Assert.InRange(ejected, 0, most);
    });

    [Fact]
    public void TheLastThatServesIsNeverEjected() => Walk(static (scene, _, changes) =>
    {
        if (changes.Any(static change => change.Kind == OutlierChangeKind.Ejected))
            Assert.Contains(scene.Pool.Members, static member => member is { Admin: AdminState.Active, IsOut: false, Verdict.Waiting: false });
    });

    [Fact]
    public void EveryEjectionEndsInTime() => Walk(static (scene, settings, changes) =>
    {
        var longest = settings.MaxEjection > settings.BaseEjection ? settings.MaxEjection : settings.BaseEjection;
        foreach (var member in scene.Pool.Members)
        {
            if (member.Outlier.Ejection is { } ejection)
                Assert.InRange(ejection.Until, scene.Now + TimeSpan.FromTicks(1), scene.Now + longest);
        }

        Assert.All(
            changes.Where(static change => change.Kind == OutlierChangeKind.Ejected),
            change => Assert.InRange(change.Verdict.Ejection!.Value.Until - scene.Now, settings.BaseEjection, longest));
    });

    [Fact]
    public void TheMachineAndThePoolAgree() => Walk(static (scene, _, _) =>
    {
        foreach (var member in scene.Pool.Members)
            Assert.Equal(scene.Machine.VerdictOf(member.Key), member.Outlier);
    });

    [Fact]
    public void NoEjectedBackendIsDownByItsMonitorToo() => Walk(static (scene, _, _) =>
        Assert.DoesNotContain(scene.Pool.Members, static member => member is { IsDown: true, Outlier.Ejection: not null }));

    [Fact]
    public void OnceAllHaveArrivedTheVerdictsDoNotDependOnTheOrderOfReports() => Gen.Int.Sample(
        static seed =>
        {
            var random = new Random(seed);
            (int Good, int Errors)[][] outcomes = [.. Enumerable.Range(0, 3).Select(_ =>
                Enumerable.Range(0, 6).Select(_ => (random.Next(200), random.Next(random.Next(1, 200)))).ToArray())];
            Assert.Equal(Ejected(outcomes, new Random(seed + 1)), Ejected(outcomes, new Random(seed + 2)));
        },
        iter: 150);

    /// <summary>Reports the same outcomes piece by piece in an order of chance, with losses and repetitions, until all have arrived.</summary>
    private static BackendKey[] Ejected((int Good, int Errors)[][] outcomes, Random random)
    {
        var settings = new OutlierDefinition { ConsecutiveFailures = 0, MaxEjectionPercent = 100, FailurePercentThreshold = 60 };
        var definition = Pools.Of(6) with { Outlier = settings };
        BackendKey[] keys = [.. definition.Backends.Select(static backend => backend.Key)];
        var now = TimeSpan.FromHours(1);
        var pool = new PoolLoadMachine("silo", now);
        var machine = new OutlierMachine();
        machine.Configure(definition, pool, now);
        FrontendLoadMachine[] frontends = [.. Enumerable.Range(0, 3).Select(static i => new FrontendLoadMachine($"f{i}", 1))];
        foreach (var frontend in frontends)
            frontend.Accept(pool.Exchange(frontend.Report([], [], default, now), now));
        var sent = new List<(int Frontend, LoadReport Report)>();
        for (var step = 0; step < 60; step++)
        {
            var reporter = random.Next(3);
            sent.Add((reporter, frontends[reporter].Report([], Part(outcomes[reporter], keys, step / 60.0), default, now)));
            var (frontend, report) = sent[random.Next(sent.Count)];
            var reply = pool.Exchange(report, now);
            if (random.Next(2) == 0)
                frontends[frontend].Accept(reply);
        }

        for (var i = 0; i < 3; i++)
            pool.Exchange(frontends[i].Report([], Part(outcomes[i], keys, 1), default, now), now);
        var changes = machine.Judge(pool, Pools.Running(6), now + settings.Interval);
        return [.. changes.Select(static change => change.Key)];
    }

    private static OutcomeEntry[] Part((int Good, int Errors)[] outcomes, BackendKey[] keys, double share) =>
    [
        .. keys.Zip(outcomes).Select(pair =>
        {
            var (key, good, errors) = (pair.First, (int)(pair.Second.Good * share), (int)(pair.Second.Errors * share));
            return new OutcomeEntry(key, new OutcomeCounters(good + errors, 0, errors, TimeSpan.FromMilliseconds(good)), 0);
        }),
    ];

    private static void Walk(Action<OutlierScene, OutlierDefinition, List<OutlierChange>> law) => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var settings = Settings(random);
            var backends = random.Next(1, MostBackends);
            var scene = new OutlierScene(backends, settings, panicPercent: random.Next(2) * 50);
            for (var i = 0; i < 80; i++)
            {
                Disturb(scene, random, ref backends, ref settings);
                law(scene, settings, scene.Judge(after: TimeSpan.FromMilliseconds(random.Next(4_000))));
            }
        },
        iter: 150,
        threads: 1);

    private static void Disturb(OutlierScene scene, Random random, ref int backends, ref OutlierDefinition settings)
    {
        var backend = random.Next(backends);
        switch (random.Next(20))
        {
            case 0:
                backends = random.Next(1, MostBackends);
                settings = Settings(random);
                scene.Configure(backends, settings);
                break;
            case < 3:
                scene.Admin(backend, (AdminState)random.Next(3));
                break;
            case < 6:
                scene.Verdict(backend, Verdicts[random.Next(Verdicts.Length)]);
                break;
            case < 14:
                scene.Outcomes.Fail(Pools.Key(backend), random.Next(8));
                break;
            default:
                for (var i = 0; i < backends; i++)
                    scene.Outcomes.Answer(Pools.Key(i), random.Next(100), random.Next(random.Next(1, 100)), random.Next(1, 50));
                break;
        }
    }

    private static OutlierDefinition Settings(Random random) => new()
    {
        Interval = TimeSpan.FromSeconds(random.Next(1, 5)),
        MaxEjectionPercent = random.Next(1, 101),
        SuccessRateMinimumHosts = random.Next(2, 6),
        FailurePercentThreshold = random.Next(2) == 0 ? null : random.Next(1, 101),
        FailurePercentMinimumHosts = random.Next(1, 4),
        DegradedLatencyFactor = random.Next(2) == 0 ? null : 1.1 + random.NextDouble(),
    };
}
