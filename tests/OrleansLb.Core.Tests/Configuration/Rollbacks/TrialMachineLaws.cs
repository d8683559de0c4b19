using CsCheck;
using OrleansLb.Core.Configuration.Rollbacks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

public sealed class TrialMachineLaws
{
    private static readonly Gen<RequestCount> Counts = Gen.Select(Gen.Int[0, 5_000], Gen.Double[0, 1], static (requests, share) => new RequestCount(requests, (long)(requests * share)));

    private static readonly Gen<RequestCount> Befores = Gen.Select(Gen.Int[100, 50_000], Gen.Double[0, 1], static (requests, share) => new RequestCount(requests, (long)(requests * share)));

    private static readonly Gen<RollbackDefinition> Rules = Gen.Select(Gen.Double[0.1, 100], Gen.Int[10, 2_000], static (rise, least) => new RollbackDefinition { MaxRisePercent = rise, MinRequests = least });

    private static readonly Gen<TimeSpan> Times = Gen.Int[0, 120].Select(static seconds => TimeSpan.FromSeconds(seconds));

    [Fact]
    public void NothingIsCondemned_OnFewRequests_ByASmallRise_OrAtFirstSight() =>
        Gen.Select(Rules, Befores, Counts, Counts, Times).Sample(static (rules, before, last, fresh, time) =>
        {
            var (trial, now) = (new ConfigurationTrial(2, 1, before), last + fresh);
            if (TrialMachine.Judge(trial, rules, new TrialLook(last, time), new TrialLook(now, time)) != TrialVerdict.Failed)
                return;
            foreach (var count in (RequestCount[])[last, now])
            {
                Assert.True(count.Requests >= rules.MinRequests);
                Assert.True((count.Share - before.Share) * 100 > rules.MaxRisePercent);
            }

            Assert.True(time < rules.Window);
            Assert.True((fresh.Share - before.Share) * 100 > rules.MaxRisePercent);
            Assert.Equal(TrialVerdict.Open, TrialMachine.Judge(trial, rules, default, new TrialLook(now, time)));
        }, iter: 20_000);

    [Fact]
    public void WhoseTimeIsOver_HasProvenItself_WhateverFails() =>
        Gen.Select(Rules, Befores, Counts, Counts).Sample(static (rules, before, last, fresh) =>
            TrialMachine.Judge(new ConfigurationTrial(2, 1, before), rules, new TrialLook(last, default), new TrialLook(last + fresh, rules.Window)) == TrialVerdict.Proven);

    [Fact]
    public void MoreFailures_NeverSaveAVersion() =>
        Gen.Select(Rules, Befores, Counts, Counts, Gen.Int[1, 500]).Sample(static (rules, before, last, fresh, more) =>
        {
            var trial = new ConfigurationTrial(2, 1, before);
            var worse = fresh with { Failed = Math.Min(fresh.Requests, fresh.Failed + more) };
            if (TrialMachine.Judge(trial, rules, new TrialLook(last, default), new TrialLook(last + fresh, default)) == TrialVerdict.Failed)
                Assert.Equal(TrialVerdict.Failed, TrialMachine.Judge(trial, rules, new TrialLook(last, default), new TrialLook(last + worse, default)));
        }, iter: 20_000);

    [Fact]
    public void HowFrontendsShareTheTraffic_DoesNotMatter_AndWhoServesAnEarlierVersionDoesNotCount() =>
        Gen.Select(Counts.Array[1, 8], Gen.Shuffle(Enumerable.Range(0, 8).ToArray())).Sample(static (counts, order) =>
        {
            var trial = new ConfigurationTrial(4, 1, new RequestCount(100, 0));
            FrontendTraffic[] traffic = [.. counts.Select(static (count, number) => new FrontendTraffic($"fe-{number}", 1, 4 + number % 2, TimeSpan.FromSeconds(number), count))];
            FrontendTraffic[] shuffled = [.. order.Where(number => number < traffic.Length).Select(number => traffic[number]), new("late", 1, 3, TimeSpan.FromHours(1), new RequestCount(10_000, 10_000))];

            var look = TrialMachine.Look(trial, shuffled);

            Assert.Equal(new TrialLook(counts.Aggregate(static (sum, count) => sum + count), TimeSpan.FromSeconds(counts.Length - 1)), look);
        });
}
