using CsCheck;
using OrleansLb.Core.Concurrency.Adaptive;
using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.Health;

namespace OrleansLb.Core.Tests.Concurrency.Adaptive;

public sealed class AdaptiveLimitsTests
{
    private const int Most = 1000;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly AdaptiveLimits _limits = new(new Random(1));
    private readonly List<(BackendKey Key, SimulatedBackend Backend)> _backends = [];
    private TimeSpan _now = TimeSpan.FromSeconds(100);
    private int _measuredAtOnce;

    [Theory]
    [InlineData(10, 20)]
    [InlineData(100, 5)]
    [InlineData(4, 400)]
    public void Look_BackendIsFull_LimitIsWhatItDoesAtOnceAndALittleMore(int workers, int milliseconds)
    {
        Add(workers, milliseconds);

        Run(demand: Most, Minute);

        // What of it waits within the backend is the buffer, and the root that lets it grow.
        Assert.InRange(Limit(0), workers, (1.25 * workers) + (2 * Math.Sqrt(1.25 * workers)) + 1);
        Assert.InRange(Standing(0).Quickest.TotalMilliseconds, 0.9 * milliseconds, 1.1 * milliseconds);
    }

    [Fact]
    public void Look_BackendHasRoom_LimitGrowsToTwiceWhatIsAskedForAndNoFurther()
    {
        Add(workers: 500, milliseconds: 10);

        Run(demand: 100, Minute / 2);

        Assert.InRange(Limit(0), 100, 500);
        Assert.Equal(100, _backends[0].Backend.InFlight);
    }

    [Fact]
    public void Look_BackendDoesLessAtOnceForAWhile_LimitFollowsAndReturns()
    {
        Add(workers: 100, milliseconds: 10);
        Run(demand: Most, Minute / 2);
        Assert.InRange(Limit(0), 100, 160);

        _backends[0].Backend.Workers = 10;
        Run(demand: Most, TimeSpan.FromSeconds(5));
        Assert.InRange(Limit(0), 3, 25);

        _backends[0].Backend.Workers = 100;
        Run(demand: Most, TimeSpan.FromSeconds(10));
        Assert.InRange(Limit(0), 100, 160);
    }

    [Fact]
    public void Look_EveryAnswerTakesLongerForGood_IsMeasuredAnewWithinAFewLooks()
    {
        Add(workers: 50, milliseconds: 10);
        Run(demand: Most, Minute / 4);

        _backends[0].Backend.ServiceTime = TimeSpan.FromMilliseconds(100);
        Run(demand: Most, TimeSpan.FromSeconds(20));

        Assert.InRange(Standing(0).Quickest.TotalMilliseconds, 90, 110);
        Assert.InRange(Limit(0), 50, 90);
    }

    [Fact]
    public void Look_SeveralBackends_AreMeasuredOneAtATime()
    {
        for (var i = 0; i < 5; i++)
            Add(workers: 10, milliseconds: 20);

        Run(demand: Most, 3 * Minute);

        Assert.Equal(1, _measuredAtOnce);
        Assert.All(Enumerable.Range(0, 5), i => Assert.InRange(Standing(i).Quickest.TotalMilliseconds, 18, 22));
    }

    [Fact]
    public void Look_NobodyAsksForAnything_NothingIsMeasuredAndTheLimitStays()
    {
        Add(workers: 10, milliseconds: 20);

        Run(demand: 0, Minute);

        Assert.Equal(new AdaptiveStanding(AdaptiveLimits.Initial, TimeSpan.Zero, TimeSpan.Zero, AdaptivePhase.Following), Standing(0));
        Assert.Equal(0, _measuredAtOnce);
    }

    [Fact]
    public void Look_ARequestStaysForever_MeasuringIsGivenUpAndTheLimitReturns()
    {
        Configure(new AdaptiveConcurrencyDefinition { MinConcurrency = 3 });
        var key = Pools.Key(0);
        _limits.Begin(key, Most, held: 0, _now);
        var backend = new SimulatedBackend(100, TimeSpan.FromMilliseconds(10));
        var phases = new List<AdaptivePhase>();
        for (var i = 0; i < 60; i++)
        {
            backend.Serve(10, Limit(0), Step);
            // Ten that do not end: no more are let in, and those are still there.
            _limits.Look(key, Most, backend.Counters, inFlight: 10, _now += Step);
            phases.Add(Standing(0).Phase);
        }

        Assert.Contains(AdaptivePhase.Emptying, phases);
        Assert.DoesNotContain(AdaptivePhase.Measuring, phases);
        Assert.Equal((AdaptivePhase.Following, AdaptiveLimits.Initial), (Standing(0).Phase, Limit(0)));
    }

    [Fact]
    public void Begin_FrontendsHoldSlotsAlready_GoesOnWithThem()
    {
        Configure(new AdaptiveConcurrencyDefinition());
        _limits.Begin(Pools.Key(0), Most, held: 77, _now);
        _limits.Begin(Pools.Key(0), Most, held: 5, _now);
        Assert.Equal(77, Limit(0));
    }

    [Fact]
    public void Configure_SwitchedOffOrWithoutTheBackend_ForgetsIt()
    {
        Add(workers: 10, milliseconds: 20);
        _limits.Configure(new AdaptiveConcurrencyDefinition(), [Pools.Key(1)]);
        Assert.Null(_limits.StandingOf(Pools.Key(0)));
        _limits.Begin(Pools.Key(1), Most, held: 0, _now);
        _limits.Configure(null, [Pools.Key(1)]);
        Assert.Null(_limits.StandingOf(Pools.Key(1)));
    }

    [Fact]
    public void Look_AnythingHappens_LimitStaysWithinItsBounds() => Gen.Select(
        Gen.Int[1, 50], Gen.Int[1, 200], Gen.Select(Gen.Int[0, 300], Gen.Int[1, 100], Gen.Int[1, 500]).Array[1, 80]).Sample((least, most, times) =>
    {
        var limits = new AdaptiveLimits(new Random(7));
        var key = Pools.Key(0);
        limits.Configure(new AdaptiveConcurrencyDefinition { MinConcurrency = least, MeasureInterval = TimeSpan.FromSeconds(3) }, [key]);
        limits.Begin(key, most, held: 0, TimeSpan.Zero);
        var (backend, now) = (new SimulatedBackend(10, Step), TimeSpan.Zero);
        foreach (var (demand, workers, milliseconds) in times)
        {
            (backend.Workers, backend.ServiceTime) = (workers, TimeSpan.FromMilliseconds(milliseconds));
            var limit = limits.StandingOf(key)!.Value.Limit;
            Assert.InRange(limit, Math.Min(least, most), most);
            backend.Serve(demand, limit, Step);
            limits.Look(key, most, backend.Counters, backend.InFlight, now += Step);
        }
    });

    [Fact]
    public void Look_WhatAnAgentSaysIsLess_LimitIsNoMore()
    {
        Add(workers: 100, milliseconds: 10);
        Run(demand: Most, Minute / 2);
        _limits.Look(Pools.Key(0), most: 7, _backends[0].Backend.Counters, 0, _now += Step);
        Assert.Equal(7, Limit(0));
        _limits.Look(Pools.Key(0), most: 2, _backends[0].Backend.Counters, 0, _now += Step);
        Assert.Equal(2, Limit(0));
    }

    private void Add(int workers, int milliseconds)
    {
        _backends.Add((Pools.Key(_backends.Count), new SimulatedBackend(workers, TimeSpan.FromMilliseconds(milliseconds))));
        Configure(new AdaptiveConcurrencyDefinition());
        _limits.Begin(_backends[^1].Key, Most, held: 0, _now);
    }

    private void Configure(AdaptiveConcurrencyDefinition settings) => _limits.Configure(settings, [Pools.Key(0), .. _backends.Select(static each => each.Key)]);

    private void Run(int demand, TimeSpan time)
    {
        for (var end = _now + time; _now < end;)
        {
            _now += Step;
            foreach (var (key, backend) in _backends)
            {
                backend.Serve(demand, _limits.StandingOf(key)!.Value.Limit, Step);
                _limits.Look(key, Most, backend.Counters, backend.InFlight, _now);
            }

            _measuredAtOnce = Math.Max(_measuredAtOnce, _backends.Count(each => _limits.StandingOf(each.Key)!.Value.Phase != AdaptivePhase.Following));
        }
    }

    private AdaptiveStanding Standing(int backend) => _limits.StandingOf(Pools.Key(backend))!.Value;

    private int Limit(int backend) => Standing(backend).Limit;
}
