using OrleansLb.Chaos.Load;
using OrleansLb.Chaos.Plans;
using OrleansLb.Chaos.Verdicts;

namespace OrleansLb.Simulation.Tests.Chaos;

/// <summary>What breaks which promise, and what breaks none.</summary>
public sealed class RunVerdictTests
{
    private const string Requests = "no request fails but those in flight at what is killed, cut or frozen";
    private const string Limits = "no limit is exceeded";
    private const string Sessions = "every front-end sends a session to the same backend";
    private const string Whole = "the cluster is whole again by itself within its bound";
    private const string Processes = "no process ends that nobody ended";
    private const string Load = "the load is what was asked for";

    [Fact]
    public void Of_RunWithNothingWrong_EveryPromiseHolds()
    {
        Assert.Equal([Requests, Limits, Sessions, Whole, Processes, Load], RunVerdict.Of(Runs.Good).Select(static promise => promise.Name));
        Assert.Empty(Broken(Runs.Good));
    }

    [Fact]
    public void Of_RunWithoutRequestsOrFaults_ProvesNothing() =>
        Assert.Equal([Requests, Limits, Sessions, Whole, Load], Broken(Runs.Good with { Outcomes = [], Faults = [] }));

    [Fact]
    public void Of_FailedRequest_BreaksIt_UnlessAFaultTookItWithIt()
    {
        var run = Runs.Good.With(Runs.Failed(5));
        Assert.Equal([Requests], Broken(run));
        Assert.Contains("1 of 101 failed, 0 more were in flight there; the first at 5.0 s through http://127.0.0.1:1001/: connection reset", Seen(run, Requests), StringComparison.Ordinal);

        Harm harm = new(Runs.Seconds(5), Runs.Seconds(5.005), Runs.First);
        Assert.Empty(Broken(run.With(Runs.Fault(FaultKind.KillFrontend, 5, 6, harm))));
        Assert.Equal([Requests], Broken(run.With(Runs.Fault(FaultKind.KillFrontend, 5, 6, harm with { Frontend = Runs.Second }))));
        Assert.Empty(Broken(run.With(Runs.Fault(FaultKind.KillBackend, 5, 6, harm with { Frontend = null }))));
    }

    [Theory]
    [InlineData(4.98, false)]
    [InlineData(4.995, true)]
    [InlineData(5.1, true)]
    [InlineData(5.21, false)]
    public void Explains_Request_IfItWasInFlightAtThatTime(double at, bool explains) =>
        Assert.Equal(explains, new Harm(Runs.Seconds(5), Runs.Seconds(5.2)).Explains(Runs.Failed(at)));

    [Fact]
    public void Of_RefusalOfWhatIsNotLimited_IsAFailure()
    {
        var refusal = Runs.Answer(5, "/", status: 429);
        Assert.Equal([Requests], Broken(Runs.Good.With(refusal with { Backend = null })));
        Assert.Empty(Broken(Runs.Good.With(Runs.Answer(5, "/limited/a", status: 429) with { Backend = null })));
    }

    [Fact]
    public void Of_OneAdmissionTooMany_BreaksTheLimit()
    {
        // Four a second come, and four may come at once on top.
        RequestOutcome[] burst = [.. Enumerable.Range(0, 4).Select(static number => Runs.Answer(5.31 + (number / 1000.0), "/limited/a"))];
        Assert.Empty(Broken(Runs.Good.With(burst[..1])));
        Assert.Equal([Limits], Broken(Runs.Good.With(burst)));
    }

    [Fact]
    public void Of_SessionThatStrays_BreaksIt_UnlessItsBackendIsInTroubleAndAllFollowOne()
    {
        RequestOutcome[] strays = [Runs.Answer(5, "/session/1", "b2"), Runs.Answer(5.5, "/session/1", "b2", authority: Runs.Second)];
        Assert.Equal([Sessions], Broken(Runs.Good.With(strays)));
        Assert.Contains("session 1 of b1 was answered by b2 through 127.0.0.1:1001 at 5.0 s", Seen(Runs.Good.With(strays), Sessions), StringComparison.Ordinal);

        var troubled = Runs.Good.With(strays).With(Runs.Fault(FaultKind.FreezeBackend, 4.9, 5.6));
        Assert.Empty(Broken(troubled));
        Assert.Equal([Sessions], Broken(troubled.With(Runs.Answer(5.4, "/session/1", "b3", authority: Runs.Second))));
        Assert.Equal([Sessions], Broken(troubled.With(Runs.Answer(8, "/session/1", "b2"))));
        Assert.Equal([Sessions], Broken(Runs.Good.With(strays).With(Runs.Fault(FaultKind.KillSilo, 4.9, 5.6))));
    }

    [Fact]
    public void Of_ClusterThatIsNotWholeInTime_SaysWhatWasMissing()
    {
        var run = Runs.Good.With(Runs.Fault(FaultKind.EmptyRedis, 5, 6) with { WholeAfter = null, Missing = "silo-1 says that the silos are silo-1" });
        Assert.Equal([Whole], Broken(run));
        Assert.Equal("not within 30 s after empty-redis x: silo-1 says that the silos are silo-1", Seen(run, Whole));
    }

    [Fact]
    public void Of_ProcessThatEnds_OrLoadThatIsMissing_BreaksIt()
    {
        Assert.Equal([Processes], Broken(Runs.Good with { EndedByThemselves = ["silo-1 ended with 134: out of memory"] }));
        Assert.Equal([Load], Broken(Runs.Good with { Rate = 12 }));
    }

    [Fact]
    public void Timeline_Seconds_CountWhatWasDueInThem()
    {
        var run = Runs.Good.With(Runs.Failed(5), Runs.Failed(7.5), Runs.Answer(7.6, "/limited/a", status: 429) with { Backend = null })
            .With(Runs.Fault(FaultKind.KillBackend, 5, 6.5, new Harm(Runs.Seconds(5), Runs.Seconds(5))));
        var timeline = Timeline.Of(run, TimeSpan.FromSeconds(1));
        Assert.Equal(10, timeline.Count);
        Assert.Equal((11, 10, 0, 1, 0), Counts(timeline[5]));
        Assert.Equal((12, 10, 1, 0, 1), Counts(timeline[7]));
        Assert.Equal(["kill-backend x"], timeline[7].Faults);
        Assert.Empty(timeline[8].Faults);
        Assert.Equal(10, timeline[0].P99, 3);
    }

    private static (int Sent, int Answered, int Refused, int Explained, int Failed) Counts(TimelinePiece piece) =>
        (piece.Sent, piece.Answered, piece.Refused, piece.Explained, piece.Failed);

    private static IEnumerable<string> Broken(RunRecord run) => RunVerdict.Of(run).Where(static promise => !promise.Holds).Select(static promise => promise.Name);

    private static string Seen(RunRecord run, string name) => RunVerdict.Of(run).Single(promise => promise.Name == name).Seen;
}
