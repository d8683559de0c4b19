using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

public sealed class OutcomeExchangeTests
{
    private static readonly BackendKey A = new(1);
    private static readonly BackendKey B = new(2);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);

    private readonly PoolLoadMachine _pool = new("silo", Start - TimeSpan.FromMinutes(1));

    [Fact]
    public void Report_NamesOutcomesThatChangedSinceTheAcknowledgedReport()
    {
        var machine = Machine("f");
        Exchange(machine, [Outcome(A, good: 3), Outcome(B, good: 1)]);
        Exchange(machine, [Outcome(A, good: 3), Outcome(B, good: 1)]);
        Assert.Empty(Report(machine, [Outcome(A, good: 3), Outcome(B, good: 1)]).Outcomes);
        Assert.Equal([Outcome(B, good: 2)], Report(machine, [Outcome(A, good: 3), Outcome(B, good: 2)]).Outcomes);
        // Not acknowledged yet, so the next report names it again.
        Assert.Equal([Outcome(B, good: 2)], Report(machine, [Outcome(A, good: 3), Outcome(B, good: 2)]).Outcomes);
    }

    [Fact]
    public void Report_WholeRow_NamesEveryOutcomeAndNoBackendThatIsGone()
    {
        var machine = Machine("f");
        Exchange(machine, [Outcome(A, good: 3), Outcome(B, good: 1)]);
        machine.Accept(new PoolLoadMachine("silo/2", Start).Exchange(Report(machine, [Outcome(B, good: 1)]), Start));
        var report = Report(machine, [Outcome(B, good: 1)]);
        Assert.True(report.IsFull);
        Assert.Equal([Outcome(B, good: 1)], report.Outcomes);
    }

    [Fact]
    public void Exchange_FirstReportOfAnIncarnation_IsTheLevelThatLaterOnesAreComparedWith()
    {
        var machine = Machine("f");
        Exchange(machine, [Outcome(A, good: 100)]);
        Assert.Equal(default, _pool.OutcomesOf(A));
        Exchange(machine, [Outcome(A, good: 103)]);
        Assert.Equal(Outcome(A, good: 3).Counters, _pool.OutcomesOf(A));
    }

    [Fact]
    public void Exchange_ReportRepeated_CountsOnce()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        var report = Report(machine, [Outcome(A, good: 2, failures: 1)]);
        for (var i = 0; i < 3; i++)
            _pool.Exchange(report, Start);
        Assert.Equal(Outcome(A, good: 2, failures: 1).Counters, _pool.OutcomesOf(A));
    }

    [Fact]
    public void Exchange_HigherIncarnation_BeginsAtItsOwnLevel()
    {
        Exchange(Machine("f"), []);
        Exchange(Machine("f"), [Outcome(A, good: 5)]);
        var successor = Machine("f", incarnation: 2);
        Exchange(successor, []);
        Exchange(successor, [Outcome(A, good: 1)]);
        Assert.Equal(1, _pool.OutcomesOf(A).Answers);
    }

    [Fact]
    public void KeepOutcomes_BackendLeft_IsForgotten()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        Exchange(machine, [Outcome(A, failures: 9), Outcome(B, good: 1)]);
        _pool.KeepOutcomes(new HashSet<BackendKey> { B });
        Assert.Equal(default, _pool.OutcomesOf(A));
        Assert.Empty(_pool.Streaks(5, Start));
        Assert.Equal(1, _pool.OutcomesOf(B).Answers);
    }

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(3, 4, 4, 0)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(3, 0, 0, -1)]
    public void Exchange_ImpossibleOutcome_IsRefusedAndChangesNothing(long answers, long failures, long errors, int run)
    {
        var machine = Machine("f");
        Exchange(machine, []);
        var outcome = new OutcomeEntry(A, new OutcomeCounters(answers, failures, errors, TimeSpan.Zero), run);
        Assert.Equal(LoadRefusal.Outcomes, _pool.Exchange(Report(machine, []) with { Outcomes = [outcome] }, Start).Refusal);
        Assert.Equal(default, _pool.OutcomesOf(A));
    }

    [Fact]
    public void Exchange_CountersThatWrap_ThrowNothing()
    {
        foreach (var frontend in (string[])["f", "g", "h"])
        {
            var machine = Machine(frontend);
            Exchange(machine, []);
            Exchange(machine, [new OutcomeEntry(A, new OutcomeCounters(long.MaxValue, 0, 0, TimeSpan.MaxValue), int.MaxValue)]);
            Exchange(machine, [new OutcomeEntry(A, new OutcomeCounters(long.MaxValue, long.MaxValue, long.MaxValue, TimeSpan.MaxValue), int.MaxValue)]);
        }

        Assert.True(Latency(A, Exchange(Machine("reader"), [])) <= TimeSpan.FromDays(1));
    }

    [Fact]
    public void Streaks_OneFrontend_CountsItsRun()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        Exchange(machine, [Outcome(A, good: 1, failures: 4)]);
        Assert.Empty(_pool.Streaks(5, Start));
        Exchange(machine, [Outcome(A, good: 1, failures: 5)]);
        Assert.Equal([new FailureStreak(A, 5, 1)], _pool.Streaks(5, Start));
    }

    [Fact]
    public void Streaks_ThreeFrontends_AddUpOnceEachHasHadItsSay()
    {
        var machines = Busy("f", "g", "h");
        Exchange(machines[0], [Outcome(A, failures: 2)]);
        Exchange(machines[1], [Outcome(A, failures: 2)]);
        Exchange(machines[2], [Outcome(A, failures: 1)]);
        Assert.Empty(_pool.Streaks(5, Start));
        foreach (var (machine, failures) in machines.Zip([2, 2, 1]))
            Exchange(machine, [Outcome(A, failures: failures)]);
        Exchange(machines[0], [Outcome(A, failures: 2)]);
        Exchange(machines[1], [Outcome(A, failures: 2)]);
        Assert.Equal([new FailureStreak(A, 5, 3)], _pool.Streaks(5, Start));
    }

    [Fact]
    public void Streaks_AnotherFrontendHadASuccessAndSaysSoLater_IsNone()
    {
        var machines = Busy("f", "g");
        Exchange(machines[0], [Outcome(A, failures: 9)]);
        Assert.Empty(_pool.Streaks(5, Start));
        Exchange(machines[1], [Outcome(A, good: 1)]);
        Exchange(machines[1], [Outcome(A, good: 1)]);
        Assert.Empty(_pool.Streaks(5, Start));
    }

    [Fact]
    public void Streaks_FailuresThatMayBeOlderThanAKnownSuccess_DoNotCount()
    {
        var machines = Busy("f", "g");
        Exchange(machines[1], [Outcome(A, good: 1)]);
        // It had not heard of anything since before that success when it made its report before this one.
        Exchange(machines[0], [Outcome(A, failures: 9)]);
        Exchange(machines[1], [Outcome(A, good: 1)]);
        Exchange(machines[0], [Outcome(A, failures: 9)]);
        Assert.Empty(_pool.Streaks(1, Start));
        Exchange(machines[0], [Outcome(A, failures: 14)]);
        Exchange(machines[1], [Outcome(A, good: 1)]);
        Exchange(machines[1], [Outcome(A, good: 1)]);
        Assert.Equal([new FailureStreak(A, 5, 1)], _pool.Streaks(5, Start));
    }

    [Fact]
    public void Streaks_AnotherFrontendIsSilent_IsWaitedForHalfASecond()
    {
        var machines = Busy("f", "g");
        Exchange(machines[0], [Outcome(A, failures: 5)]);
        Assert.Empty(_pool.Streaks(5, Start + TimeSpan.FromMilliseconds(499)));
        Assert.Single(_pool.Streaks(5, Start + TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public void Streaks_AnotherFrontendIsIdle_IsNotWaitedFor()
    {
        var machines = Busy("f", "g");
        var idle = machines[1].Report([], [], new TrafficCounters(1, 0, TimeSpan.Zero), Start);
        Assert.Equal(ExchangePace.Idle, idle.Tau);
        _pool.Exchange(idle, Start);
        Exchange(machines[0], [Outcome(A, failures: 5)]);
        Assert.Single(_pool.Streaks(5, Start));
    }

    [Fact]
    public void Streaks_NotEveryFrontendIsKnownYet_IsNone()
    {
        var pool = new PoolLoadMachine("silo", Start);
        pool.SetRegistered(["f", "g"]);
        var machine = Machine("f");
        machine.Accept(pool.Exchange(Report(machine, []), Start));
        machine.Accept(pool.Exchange(Report(machine, [Outcome(A, failures: 5)]), Start));
        Assert.Empty(pool.Streaks(5, Start));
        Assert.Single(pool.Streaks(5, Start + LoadLease.Warmup));
    }

    [Fact]
    public void ForgetStreak_TakesAsManyNewFailures()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        Exchange(machine, [Outcome(A, failures: 7)]);
        _pool.ForgetStreak(A);
        Exchange(machine, [Outcome(A, failures: 11)]);
        Assert.Empty(_pool.Streaks(5, Start));
        Exchange(machine, [Outcome(A, failures: 12)]);
        Assert.Equal([new FailureStreak(A, 5, 1)], _pool.Streaks(5, Start));
    }

    [Fact]
    public void Latency_IsTheMeanOverFrontendsByTheirAnswers()
    {
        var machines = Busy("f", "g");
        Exchange(machines[0], [Outcome(A, good: 30, milliseconds: 10)]);
        var reply = Exchange(machines[1], [Outcome(A, good: 10, milliseconds: 50)]);
        Assert.Equal(20, Latency(A, reply).TotalMilliseconds, 0.001);
        Assert.Equal(20, machines[1].View.LatencyOf(0).TotalMilliseconds, 0.001);
        Assert.Equal(TimeSpan.Zero, machines[1].View.LatencyOf(1));
        Assert.Equal(TimeSpan.Zero, machines[1].View.LatencyOf(-1));
        Assert.Equal(TimeSpan.Zero, ForeignLoad.None.LatencyOf(0));
    }

    [Fact]
    public void Latency_ServerErrorsAtOnce_DoNotLookQuick()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        var slowAndFailing = Outcome(A, good: 10, failures: 90, milliseconds: 40);
        Assert.Equal(40, Latency(A, Exchange(machine, [slowAndFailing])).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Latency_IsToldOnlyWhereItMovedByATwentieth()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        Exchange(machine, [Sum(A, heads: 100, milliseconds: 1000), Sum(B, heads: 100, milliseconds: 1000)]);
        var reply = Exchange(machine, [Sum(A, heads: 200, milliseconds: 2080), Sum(B, heads: 200, milliseconds: 2220)]);
        Assert.Equal([B], reply.Latencies.Select(static latency => latency.Key));
        Assert.Equal(10, machine.View.LatencyOf(0).TotalMilliseconds, 0.001);
        Assert.Equal(11.1, machine.View.LatencyOf(1).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Latency_ReplyLost_IsToldAgain()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        _pool.Exchange(Report(machine, [Outcome(A, good: 10, milliseconds: 10)]), Start);
        Assert.Equal(10, Latency(A, Exchange(machine, [Outcome(A, good: 10, milliseconds: 10)])).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Latency_TheRecentPastWeighsMost()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        Exchange(machine, [Sum(A, heads: 100, milliseconds: 1000)]);
        Exchange(machine, [Sum(A, heads: 200, milliseconds: 4000)], Start + TimeSpan.FromSeconds(5));
        Assert.Equal((10 + (30 * Math.Exp(0.5))) / (1 + Math.Exp(0.5)), machine.View.LatencyOf(0).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void Latency_NoAnswerForAMinute_IsForgottenEverywhere()
    {
        var machine = Machine("f");
        Exchange(machine, []);
        Exchange(machine, [Sum(A, heads: 10, milliseconds: 100)]);
        Exchange(machine, [Sum(A, heads: 10, milliseconds: 100)], Start + TimeSpan.FromSeconds(59));
        Assert.NotEqual(TimeSpan.Zero, machine.View.LatencyOf(0));
        Exchange(machine, [Sum(A, heads: 10, milliseconds: 100)], Start + TimeSpan.FromSeconds(61));
        Assert.Equal(TimeSpan.Zero, machine.View.LatencyOf(0));
    }

    private static FrontendLoadMachine Machine(string id, long incarnation = 1)
    {
        var machine = new FrontendLoadMachine(id, incarnation);
        machine.SetBackends([A, B]);
        return machine;
    }

    private FrontendLoadMachine[] Busy(params string[] ids)
    {
        FrontendLoadMachine[] machines = [.. ids.Select(static id => Machine(id))];
        foreach (var machine in machines)
            Exchange(machine, []);
        return machines;
    }

    private LoadReply Exchange(FrontendLoadMachine machine, OutcomeEntry[] outcomes, TimeSpan? at = null)
    {
        var reply = _pool.Exchange(Report(machine, outcomes), at ?? Start);
        machine.Accept(reply);
        return reply;
    }

    // One request in flight, so that nobody is taken to be idle.
    private static LoadReport Report(FrontendLoadMachine machine, OutcomeEntry[] outcomes) =>
        machine.Report([new LoadEntry(A, 1, 0)], outcomes, new TrafficCounters(1, 0, TimeSpan.Zero), Start);

    private static OutcomeEntry Outcome(BackendKey key, int good = 0, int failures = 0, int milliseconds = 5) =>
        new(key, new OutcomeCounters(good + failures, failures, failures, TimeSpan.FromMilliseconds(good * milliseconds)), failures);

    private static OutcomeEntry Sum(BackendKey key, int heads, int milliseconds) =>
        new(key, new OutcomeCounters(heads, 0, 0, TimeSpan.FromMilliseconds(milliseconds)), 0);

    private static TimeSpan Latency(BackendKey key, LoadReply reply) => reply.Latencies.Single(latency => latency.Key == key).Mean;
}
