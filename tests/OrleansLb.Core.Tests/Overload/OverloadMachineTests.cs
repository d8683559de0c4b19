using CsCheck;
using OrleansLb.Core.Overload;

namespace OrleansLb.Core.Tests.Overload;

public sealed class OverloadMachineTests
{
    private static readonly Gen<(double Usage, int Milliseconds)[]> Looks = Gen.Select(Gen.Double[0, 1.5], Gen.Int[0, 3000]).Array[1, 50];

    [Fact]
    public void Room_NothingIsRefusedAndNothingCollected() => Looks.Sample(static looks =>
        Run(looks.Select(static look => (look.Usage * 0.5, look.Milliseconds))).All(static step => step.Next.Level == OverloadLevel.None && !step.Collect));

    [Fact]
    public void HardlyAnyRoomLeft_ConnectionsAreRefusedAtOnce() => Looks.Sample(static looks =>
        Run(looks).Zip(looks).All(static each => each.Second.Usage < OverloadMachine.ConnectionsAbove || each.First.Next.Level == OverloadLevel.Connections));

    [Fact]
    public void GarbageIsCollected_BeforeARequestIsRefused_AndNotTooOften() => Looks.Sample(static looks =>
    {
        var (collectedAt, now, isRight) = (default(TimeSpan?), TimeSpan.Zero, true);
        foreach (var (step, look) in Run(looks).Zip(looks))
        {
            now += TimeSpan.FromMilliseconds(look.Milliseconds);
            isRight &= !step.Collect || collectedAt is not { } last || now - last >= OverloadMachine.CollectionPause;
            if (step.Collect)
                collectedAt = now;
            isRight &= step.Next.Level == OverloadLevel.None || collectedAt is not null;
        }

        return isRight;
    });

    [Fact]
    public void Refusing_GarbageIsCollectedAgainUntilThereIsRoom()
    {
        var steps = Run(Enumerable.Repeat((0.87, 500), 20)).ToList();

        Assert.Equal(5, steps.Count(static step => step.Collect));
        Assert.Equal(OverloadLevel.None, steps[0].Next.Level);
        Assert.All(steps[1..], static step => Assert.Equal(OverloadLevel.Requests, step.Next.Level));
    }

    [Fact]
    public void Thresholds_WhatTheyStoppedGoesOnOnlyWellBelowThem()
    {
        double[] usage = [0.84, 0.86, 0.86, 0.91, 0.86, 0.84, 0.81, 0.79];

        Assert.Equal(
            [
                OverloadLevel.None, OverloadLevel.None, OverloadLevel.Requests, OverloadLevel.Connections,
                OverloadLevel.Connections, OverloadLevel.Requests, OverloadLevel.Requests, OverloadLevel.None,
            ],
            Run(usage.Select(static each => (each, 250))).Select(static step => step.Next.Level));
    }

    private static IEnumerable<OverloadStep> Run(IEnumerable<(double Usage, int Milliseconds)> looks)
    {
        var (state, now) = (default(OverloadState), TimeSpan.Zero);
        foreach (var (usage, milliseconds) in looks)
        {
            now += TimeSpan.FromMilliseconds(milliseconds);
            var step = OverloadMachine.Observe(state, usage, now);
            state = step.Next;
            yield return step;
        }
    }
}
