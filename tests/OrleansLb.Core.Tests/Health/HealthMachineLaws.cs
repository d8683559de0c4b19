using CsCheck;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health;

public sealed class HealthMachineLaws
{
    private static readonly TimeSpan HalfSecond = TimeSpan.FromSeconds(0.5);

    private static readonly Gen<DeepCheckDefinition> GenDeep =
        Gen.Select(Gen.Int[10, 20_000], Gen.Int[1, 5_000], Gen.Int[1, 4], Gen.Int[1, 4], static (interval, timeout, unhealthy, healthy) => new DeepCheckDefinition
        {
            Interval = TimeSpan.FromMilliseconds(interval),
            Timeout = TimeSpan.FromMilliseconds(timeout),
            UnhealthyThreshold = unhealthy,
            HealthyThreshold = healthy,
        });

    private static readonly Gen<ActiveHealthDefinition> GenSettings =
        Gen.Select(
            Gen.Int[10, 20_000],
            Gen.Int[10, 2_000],
            Gen.Int[0, 50],
            Gen.Int[1, 5_000],
            Gen.Int[1, 6],
            Gen.Int[1, 6],
            Gen.Null(GenDeep),
            static (interval, fast, jitter, timeout, unhealthy, healthy, deep) => new ActiveHealthDefinition
            {
                Interval = TimeSpan.FromMilliseconds(interval),
                FastInterval = TimeSpan.FromMilliseconds(fast),
                JitterPercent = jitter,
                Timeout = TimeSpan.FromMilliseconds(timeout),
                UnhealthyThreshold = unhealthy,
                HealthyThreshold = healthy,
                Deep = deep,
            });

    private enum Others
    {
        Hang,
        Silent,
        None,
    }

    [Fact]
    public void HangingBackendIsDownWithinItsBound() =>
        Gen.Select(GenSettings, Gen.Int[0, 60_000], Gen.Enum<Others>(), Gen.Int).Sample(static (settings, hangMs, others, seed) =>
        {
            var hang = settings.Timeout + settings.FastInterval + TimeSpan.FromMilliseconds(hangMs) + TimeSpan.FromSeconds(1);
            var monitor = new MonitorSimulation(settings, seed)
            {
                Own = at => at >= hang ? Answers.Hangs : Answers.Good,
                Other = at => others == Others.Silent ? null : at >= hang ? Answers.Hangs : Answers.Good,
                HasOtherSilo = others != Others.None,
            };
            monitor.RunUntil(hang);
            monitor.FrontendSucceeds(hang);
            Assert.Equal(BackendState.Up, monitor.State.State);

            // One second of the whole bound is left for telling the front-ends.
            monitor.RunUntil(hang + Longest(settings) + (settings.UnhealthyThreshold * (settings.Timeout + settings.FastInterval)) + settings.Timeout + TimeSpan.FromSeconds(0.3));
            Assert.Equal(BackendState.Down, monitor.State.State);
        }, iter: 400);

    [Fact]
    public void RecoveredBackendIsUpWithinItsBound() =>
        Gen.Select(GenSettings, Gen.Int[0, 60_000], Gen.Int, GenOneOf(Answers.Hangs, Answers.Refused, Answers.Unavailable)).Sample(static (settings, recoverMs, seed, failure) =>
        {
            var recovers = TimeSpan.FromMilliseconds(recoverMs);
            var monitor = new MonitorSimulation(settings, seed, new HealthVerdict(BackendState.Down, false, true, true))
            {
                Own = at => at >= recovers ? Answers.Good : failure,
                Other = at => at >= recovers ? Answers.Good : failure,
            };
            monitor.RunUntil(recovers);
            Assert.Equal(BackendState.Down, monitor.State.State);
            monitor.RunUntil(recovers + settings.Timeout + Longest(settings) + (settings.HealthyThreshold * (settings.FastInterval + TimeSpan.FromMilliseconds(1))));
            Assert.Equal(BackendState.Up, monitor.State.State);
        }, iter: 400);

    [Fact]
    public void PartitionedProberRemovesNothing() =>
        Gen.Select(GenSettings, Gen.Int, GenOneOf(Answers.Hangs, Answers.Refused)).Sample(static (settings, seed, failure) =>
        {
            var cut = TimeSpan.FromSeconds(10);
            var monitor = new MonitorSimulation(settings, seed) { Own = at => at >= cut ? failure : Answers.Good };
            monitor.At(cut, monitor.Suspect);
            monitor.RunUntil(TimeSpan.FromMinutes(3));
            Assert.DoesNotContain(monitor.Changes, change => change.Change.To == BackendState.Down);
        }, iter: 60);

    [Fact]
    public void ADownHasItsFailuresOrItsConfirmations() => Fuzz(static (before, step, input, settings) =>
    {
        if (step.Change is not { To: BackendState.Down } change) return;
        if (change.Reason != HealthChangeReason.SuspicionConfirmed) Assert.True(step.Next.Failures >= settings.UnhealthyThreshold, $"{step.Next}");
        else Assert.True(before.Suspicion is { Own.Length: 2, Other.Length: 2 }, $"{before}");
        if (change.Reason == HealthChangeReason.AnsweredFailures) Assert.True(step.Next.AllAnswered);
        if (change.Reason == HealthChangeReason.ConnectivityFailures) Assert.False(step.Next.FrontendSuccess > step.Next.FirstFailure + TimeSpan.FromMilliseconds(50), input);
    });

    [Fact]
    public void AReadmissionHasItsSuccessesAndItsWait() => Fuzz(static (before, step, _, settings) =>
    {
        if (step.Change is not { From: BackendState.Down } change) return;
        Assert.True(step.Next.Since >= before.ReadmitAt);
        // Shown as Degraded while its deep check fails, it is Up all the same.
        if (step.Next.State == BackendState.Up) Assert.True(step.Next.Successes >= settings.HealthyThreshold);
        else Assert.Equal(HealthChangeReason.Disagreement, change.Reason);
    });

    [Fact]
    public void OnlyRealChangesAreReported() => Fuzz(static (before, step, _, _) =>
    {
        var (was, isNow) = ((before.State, before.Shown), (step.Next.State, step.Next.Shown));
        if (step.Change is not { } change) Assert.Equal(was, isNow);
        else Assert.Equal((before.Shown, step.Next.Shown, true), (change.From, change.To, was != isNow));
    });

    [Fact]
    public void ADownBackendIsNotUnderSuspicion() => Fuzz(static (_, step, _, _) =>
        Assert.False(step.Next is { State: BackendState.Down, Suspicion: not null }));

    [Fact]
    public void AnIdIsGivenOnce() => Fuzz(static (before, step, input, _) =>
    {
        var ids = step.Probes.Select(order => order.Id).ToList();
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(i => before.LastProbeId + i), ids);
        Assert.True(step.Next.LastProbeId == before.LastProbeId + ids.Count, input);
    });

    [Fact]
    public void AtMostOneScheduledProbeIsInFlight() => Fuzz(static (before, step, input, _) =>
    {
        var own = step.Probes.Count(order => order is { FromOtherSilo: false, Deep: false });
        Assert.True(own <= 1);
        if (before.Probe is not null && step.Next.Probe == before.Probe && step.Next.Suspicion is null) Assert.Equal(0, own);
    });

    [Fact]
    public void AtMostOneDeepCheckIsInFlightAndNoneOfADeadBackend() => Fuzz(static (before, step, input, _) =>
    {
        var deep = step.Probes.Count(order => order.Deep);
        Assert.True(deep <= 1, input);
        if (deep == 1) Assert.True(before.Deep?.Flight is null || before.Deep.Flight != step.Next.Deep?.Flight, input);
        if (deep == 1) Assert.NotEqual(BackendState.Down, step.Next.State);
    });

    [Fact]
    public void ADeepCheckSaysNothingButDegraded() => Fuzz(static (before, step, input, _) =>
    {
        Assert.Equal(step.Next.Verdict.FailsDeepCheck && step.Next.State == BackendState.Up ? BackendState.Degraded : step.Next.State, step.Next.Shown);
        if (step.Next.Deep is null || before.Deep?.LastOutcome == step.Next.Deep.LastOutcome) return;
        Assert.Equal(before with { Deep = null, Since = step.Next.Since, Due = step.Next.Due }, step.Next with { Deep = null });
        Assert.Empty(step.Probes);
        Assert.True(step.Change is null or { To: BackendState.Degraded } or { From: BackendState.Degraded }, input);
    });

    [Fact]
    public void ADegradedByDeepChecksHasItsFailures() => Fuzz(static (before, step, _, settings) =>
    {
        if (before.Deep?.Failing == true || step.Next.Deep is not { Failing: true } check) return;
        Assert.True(check.Failures >= settings.Deep!.UnhealthyThreshold);
    });

    [Fact]
    public void FlapDampingGrowsToFiveMinutes() =>
        Gen.Int.Sample(static seed =>
        {
            var settings = new ActiveHealthDefinition { Interval = TimeSpan.FromSeconds(1), Timeout = HalfSecond, UnhealthyThreshold = 2, HealthyThreshold = 2 };
            var monitor = new MonitorSimulation(settings, seed);

            // Good whenever it is out, bad as soon as it is in: the worst flapper.
            monitor.Own = _ => monitor.State.State == BackendState.Up ? Answers.Unavailable : Answers.Good;
            monitor.RunUntil(TimeSpan.FromMinutes(40));
            var outages = monitor.Changes.Where(change => change.Change.From == BackendState.Down)
                .Select(change => change.At - monitor.Changes.Last(other => other.At < change.At).At).ToList();
            Assert.All(outages.Zip(outages.Skip(1)), pair => Assert.True(pair.Second >= pair.First - TimeSpan.FromSeconds(1.2), string.Join(' ', outages)));
            Assert.Equal([10, 20, 40, 80, 160, 300, 300], outages.Skip(1).Take(7).Select(outage => (int)outage.TotalSeconds));
        }, iter: 20);

    [Fact]
    public void AMinuteOfServiceForgivesFlapping() =>
        Gen.Int.Sample(static seed =>
        {
            var settings = new ActiveHealthDefinition { Interval = TimeSpan.FromSeconds(1), Timeout = HalfSecond, UnhealthyThreshold = 1, HealthyThreshold = 1 };
            var monitor = new MonitorSimulation(settings, seed);
            monitor.Own = at => monitor.State.State == BackendState.Up && (at < TimeSpan.FromMinutes(1) || at > TimeSpan.FromMinutes(6)) ? Answers.Unavailable : Answers.Good;
            monitor.RunUntil(TimeSpan.FromMinutes(5));
            Assert.True(monitor.State.DampingLevel > 0);
            monitor.RunUntil(TimeSpan.FromMinutes(6) + TimeSpan.FromSeconds(1.2));
            Assert.Equal(0, monitor.State.DampingLevel);
        }, iter: 20);

    /// <summary>Arbitrary inputs in arbitrary order, late and unknown ids included.</summary>
    private static void Fuzz(Action<HealthState, HealthStep, string, ActiveHealthDefinition> law) =>
        Gen.Select(GenSettings, Gen.Int).Sample((settings, seed) =>
        {
            var random = new Random(seed);
            var now = TimeSpan.Zero;
            var open = new List<long>();
            var bias = random.NextDouble();
            var state = HealthMachine.Start(Held(random), settings, now, random.NextDouble());
            for (var i = 0; i < 300; i++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(random.Next(4) == 0 ? 6_000 : 60));
                var input = random.Next(13);
                var id = open.Count > 0 ? open[random.Next(open.Count)] : -1;
                var step = input switch
                {
                    < 4 => HealthMachine.Tick(state, settings, now, random.NextDouble()),
                    < 9 => HealthMachine.ProbeCompleted(state, settings, id, Outcome(random, bias), now, random.NextDouble()),
                    9 => HealthMachine.NoOtherSilo(state, settings, id, now, random.NextDouble()),
                    10 => HealthMachine.Suspected(state, settings, now, random.NextDouble()),
                    11 => Reconfigured(state, ref settings, now, random),
                    _ => new HealthStep(HealthMachine.FrontendSucceeded(state, now), [], null),
                };
                open.AddRange(step.Probes.Select(order => order.Id));
                law(state, step, $"input {input} at {now}", settings);
                state = step.Next;
            }
        }, iter: 300);

    private static TimeSpan Longest(ActiveHealthDefinition settings) => settings.Interval * (1 + (settings.JitterPercent / 100.0));

    private static HealthVerdict Held(Random random) => random.Next(4) switch
    {
        0 => HealthVerdict.Unknown,
        1 => HealthVerdict.Joining,
        2 => HealthVerdict.Unproven,
        _ => new HealthVerdict(BackendState.Degraded, false, false, false) { FailsDeepCheck = true },
    };

    private static HealthStep Reconfigured(HealthState state, ref ActiveHealthDefinition settings, TimeSpan now, Random random)
    {
        settings = settings with { Deep = settings.Deep is null ? new DeepCheckDefinition { UnhealthyThreshold = 1 } : null };
        return HealthMachine.Reconfigured(state, settings, now, random.NextDouble());
    }

    private static Gen<ProbeOutcome> GenOneOf(params ProbeOutcome[] outcomes) => Gen.Int[0, outcomes.Length - 1].Select(index => outcomes[index]);

    private static ProbeOutcome Outcome(Random random, double bias) => random.NextDouble() < bias
        ? Answers.Good
        : random.Next(8) switch { 0 => Answers.NotRun, < 3 => Answers.Unavailable, < 5 => Answers.Hangs, _ => Answers.Refused };
}
