using CsCheck;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Core.Tests.Health;

public sealed class PoolEligibilityMachineLaws
{
    private static readonly HealthVerdict[] Verdicts =
    [
        HealthVerdict.Unknown, HealthVerdict.Joining, Pools.Up, new(BackendState.Degraded, false, false, false),
        Pools.AnswersBadly, Pools.Unreachable, Pools.DownByOneWitness, new(BackendState.Down, false, false, false),
    ];

    private static readonly Ejection Ejection = new(OutlierCause.ConsecutiveFailures, 1, TimeSpan.FromHours(1));

    [Fact]
    public void EjectedBackendsTakeTrafficOnlyInAPanic() => Walk(static (_, step) =>
    {
        foreach (var status in step.Next.Published.Backends.Where(static status => status.Ejection is not null))
            Assert.Equal(status.ByPanic, status.TakesNew || status.TakesPinned);
    });

    [Fact]
    public void WhatIsRecalledAtOnceIsWhatIsRecalledOneByOne() => Walk(static (_, step) =>
    {
        var told = step.Next.Published.Backends;
        var begun = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(step.Next.Published.Version), Pools.Of(step.Next.Members.Length)).Next;
        var oneByOne = begun;
        foreach (var status in told)
        {
            oneByOne = PoolEligibilityMachine.SetVerdict(oneByOne, status.Key, status.ImpliedVerdict, TimeSpan.Zero).Next;
            oneByOne = PoolEligibilityMachine.SetAdmin(oneByOne, status.Key, status.ImpliedAdmin).Next;
            oneByOne = PoolEligibilityMachine.SetAgent(oneByOne, status.Key, status.Agent).Next;
            oneByOne = PoolEligibilityMachine.SetOutlier(oneByOne, status.Key, status.ImpliedOutlier).Next;
            oneByOne = PoolEligibilityMachine.SetDrain(oneByOne, status.Key, status.ImpliedDrain).Next;
        }

        var atOnce = PoolEligibilityMachine.Recall(begun, told.Select(static status => (status, status.ImpliedOutlier)), TimeSpan.Zero).Next;
        Assert.Equal(oneByOne.Published.Backends, atOnce.Published.Backends);
        Assert.Equal(oneByOne.Published.Panic, atOnce.Published.Panic);
    });

    [Fact]
    public void WhatIsSaidAgainIsNoNews() => Walk(static (_, step) =>
    {
        foreach (var member in step.Next.Members)
        {
            foreach (var again in (PoolEligibilityStep[])
                [
                    PoolEligibilityMachine.SetAdmin(step.Next, member.Key, member.Admin),
                    PoolEligibilityMachine.SetAgent(step.Next, member.Key, member.Agent),
                    PoolEligibilityMachine.SetOutlier(step.Next, member.Key, member.Outlier),
                ])
            {
                Assert.Same(step.Next, again.Next);
                Assert.Null(again.Delta);
            }
        }
    });

    [Fact]
    public void WhatTheMonitorTookOutIsNotEjectedBesides() => Walk(static (_, step) =>
        Assert.DoesNotContain(step.Next.Members, static member => member is { IsDown: true, Outlier.Ejection: not null }));

    [Fact]
    public void PanicNeverReadmitsWhatTheAdministratorRemoved() => Walk(static (_, step) =>
    {
        foreach (var member in step.Next.Members.Where(static member => !member.IsInService))
        {
            Assert.True(step.Next.Published.TryGet(member.Key, out var status));
            Assert.False(status.TakesNew || status.ByPanic);
            if (member.Admin == AdminState.Maintenance || member is { Admin: AdminState.Active, Agent.Service: AgentService.Maintenance }) Assert.False(status.TakesPinned);
        }
    });

    [Fact]
    public void WhatItsAgentTookOutTakesTrafficOnlyInAPanic() => Walk(static (_, step) =>
    {
        foreach (var member in step.Next.Members.Where(static member => member.Agent.IsDown))
        {
            Assert.True(step.Next.Published.TryGet(member.Key, out var status));
            Assert.Equal(status.ByPanic, status.TakesNew || status.TakesPinned);
        }
    });

    [Fact]
    public void WhoGoesOnFromAStatusKnowsTheAdministratorAndTheAgent() => Walk(static (_, step) =>
    {
        foreach (var member in step.Next.Members)
        {
            Assert.True(step.Next.Published.TryGet(member.Key, out var status));
            Assert.Equal((member.Admin, member.Agent), (status.ImpliedAdmin, status.Agent));
        }
    });

    [Fact]
    public void SomethingIsEligibleWhileAnythingIsInService() => Walk(static (_, step) =>
    {
        if (step.Next.PanicPercent == 0 || step.Next.Members.All(static member => !member.IsInService)) return;
        Assert.Contains(step.Next.Published.Backends, status => status.TakesNew);
    });

    [Fact]
    public void UnreachableBackendsAreAdmittedOnlyWhenNothingElseIsLeft() => Walk(static (_, step) =>
    {
        var members = step.Next.Members.ToDictionary(member => member.Key);
        var admitted = step.Next.Published.Backends.Where(status => status.TakesNew).ToList();
        var hopeless = admitted.Where(status => members[status.Key] is { IsDown: true, Verdict.Unreachable: true }).ToList();
        if (hopeless.Count > 0) Assert.Equal(admitted, hopeless);
    });

    [Fact]
    public void NothingGoesToWhatIsClosedOrDrained() => Walk(static (_, step) =>
    {
        foreach (var member in step.Next.Members.Where(member => member is { Admin: AdminState.Draining, Drain: not DrainPhase.Finishing }))
        {
            Assert.True(step.Next.Published.TryGet(member.Key, out var status));
            Assert.False(status.TakesNew || status.TakesPinned);
            Assert.Equal(member.Drain == DrainPhase.Drained, status.State == BackendState.Drained);
        }
    });

    [Fact]
    public void WhatTakesNewTakesPinned() => Walk(static (_, step) =>
        Assert.All(step.Next.Published.Backends, status => Assert.True(status.TakesPinned || !status.TakesNew)));

    [Fact]
    public void MassRemovalOnOneWitnessHoldsAllButTheFirstThird() => Walk(static (before, step) =>
    {
        foreach (var member in step.Next.Members.Where(member => member is { IsDown: true, Verdict.Confirmed: false, IsInService: true }))
        {
            if (before.Members.Any(old => old.Key == member.Key && old.Verdict.State == BackendState.Down)) continue;
            var inService = step.Next.Members.Where(static other => other.IsInService).ToList();
            var together = inService.Count(other => other.Verdict.State == BackendState.Down && member.DownSince - other.DownSince <= step.Next.Interval);
            Assert.True(together < 2 || together * 100 <= 30 * inService.Count, $"{together} of {inService.Count}");
        }
    });

    [Fact]
    public void DeltasInOrderReproduceTheWhole()
    {
        PoolEligibility? followed = null;
        Walk((before, step) =>
        {
            if (before.Published.Version == 1 || followed is null) followed = before.Published;
            if (step.Delta is { } delta)
            {
                Assert.True(followed.TryApply(delta, out followed));
                Assert.Equal(before.Published.Version + 1, step.Next.Published.Version);
            }

            Assert.Equal(step.Next.Published.Version, followed.Version);
            Assert.Equal(step.Next.Published.Panic, followed.Panic);
            Assert.Equal(step.Next.Published.Backends, followed.Backends);
        });
    }

    [Fact]
    public void ADeltaIsPublishedExactlyWhenSomethingChanged() => Walk(static (before, step) =>
    {
        var same = before.Published.Panic == step.Next.Published.Panic && before.Published.Backends.SequenceEqual(step.Next.Published.Backends);
        Assert.Equal(same, step.Delta is null);
    });

    private static void Walk(Action<PoolEligibilityState, PoolEligibilityStep> law) => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var panic = random.Next(3) * 50;
            var state = PoolEligibilityMachine.Start(1);
            var now = TimeSpan.Zero;
            for (var i = 0; i < 60; i++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(3_000));
                var key = Pools.Key(random.Next(8));
                var step = random.Next(i == 0 ? 1 : 12) switch
                {
                    0 => PoolEligibilityMachine.Configure(state, Pools.Of(random.Next(1, 8), panic, random.Next(2))),
                    < 3 => PoolEligibilityMachine.SetAdmin(state, key, (AdminState)random.Next(3)),
                    < 5 => PoolEligibilityMachine.SetOutlier(state, key, new OutlierVerdict(random.Next(2) == 0 ? null : Ejection, random.Next(2) == 0)),
                    > 9 => PoolEligibilityMachine.SetAgent(state, key, new AgentState(random.Next(3) * 50, (AgentService)random.Next(3), random.Next(2) == 0)),
                    5 => PoolEligibilityMachine.SetDrain(state, key, (DrainPhase)random.Next(3)),
                    _ => PoolEligibilityMachine.SetVerdict(state, key, Verdicts[random.Next(Verdicts.Length)], now),
                };
                law(state, step);
                state = step.Next;
            }
        },
        iter: 300,
        threads: 1);
}
