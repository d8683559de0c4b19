using OrleansLb.Core.Configuration;
using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

/// <summary>What taking a version back does to the line of versions and to the files that brought it.</summary>
public sealed class RollbackLineTests
{
    private static readonly RequestCount Good = new(1_000, 5);
    private static readonly RequestCount Bad = new(400, 200);

    private readonly VersionLine _line = new();

    public RollbackLineTests()
    {
        _line.File("silo1", "good");
        _line.File("silo2", "good");
    }

    [Fact]
    public void TakeBack_IsANewVersionWithWhatWasProven_AndIsNotOnTrial()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));

        _line.TakeBack(Bad);

        Assert.Equal((3, "good", null), (_line.State.Version, _line.State.Digest, _line.State.Trial));
        Assert.Equal(new ConfigurationRollback(2, 1, 3, _line.State.Current!.When, Good, Bad), _line.State.LastRollback);
        Assert.Equal(["silo1"], _line.State.DivergentSources);
        var taken = _line.State;
        _line.TakeBack(Bad);
        Assert.Same(taken, _line.State);
    }

    [Fact]
    public void File_ThatWasTakenBack_DoesNotCountFromAnySilo()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));
        _line.TakeBack(Bad);

        Assert.Equal(SubmissionOutcome.TakenBack, _line.File("silo1", "bad"));
        Assert.Equal(SubmissionOutcome.TakenBack, _line.File("silo2", "bad"));
        Assert.Equal(SubmissionOutcome.TakenBack, _line.File("silo3", "bad"));
        Assert.Equal((3, "good"), (_line.State.Version, _line.State.Digest));
        Assert.Equal(SubmissionOutcome.Accepted, _line.File("silo2", "better"));
    }

    [Fact]
    public void File_TakenOutAndPutInAgain_IsMeant()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));
        _line.TakeBack(Bad);

        Assert.Equal(SubmissionOutcome.Unchanged, _line.File("silo1", "good"));
        Assert.Equal(SubmissionOutcome.Accepted, _line.File("silo1", "bad"));
    }

    [Fact]
    public void Administrator_SendsWhatWasTakenBack_IsMeant()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));
        _line.TakeBack(Bad);

        Assert.Equal(SubmissionOutcome.Accepted, _line.Administrator("bad"));
        Assert.Equal("", _line.State.Barred);
    }

    [Fact]
    public void Begin_FirstVersion_OrTooLittleToCompareWith_IsNotJudged()
    {
        var fresh = new VersionLine();
        fresh.FileOnTrial("silo1", "first", Recent.Of(Good));
        _line.FileOnTrial("silo1", "next", Recent.Of(new RequestCount(99, 0)));

        Assert.Null(fresh.State.Trial);
        Assert.Equal((2, null), (_line.State.Version, _line.State.Trial));
    }

    [Fact]
    public void Begin_OverAVersionOfWhichNothingIsKnown_ReturnsToTheOneBefore()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));

        _line.FileOnTrial("silo1", "worse", Recent.Of(Bad), new TrialLook(new RequestCount(99, 0), TimeSpan.FromSeconds(1)));

        Assert.Equal(new ConfigurationTrial(3, 1, Good), _line.State.Trial);
    }

    [Fact]
    public void Begin_OverAVersionThatIsBadSoFar_ReturnsToTheOneBefore()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));

        _line.FileOnTrial("silo1", "worse", Recent.Of(Bad), new TrialLook(Bad, TimeSpan.FromSeconds(1)));

        Assert.Equal(new ConfigurationTrial(3, 1, Good), _line.State.Trial);
    }

    [Fact]
    public void Begin_OverAVersionThatHasDoneWell_ReturnsToThat()
    {
        _line.FileOnTrial("silo1", "fine", Recent.Of(Good));
        var since = new RequestCount(500, 10);

        _line.FileOnTrial("silo1", "next", Recent.Of(since), new TrialLook(since, TimeSpan.FromSeconds(10)));

        Assert.Equal(new ConfigurationTrial(3, 2, since), _line.State.Trial);
    }

    [Fact]
    public void Begin_OfWhatHadProvenItself_IsTheRollbackOfAPersonAndNotJudged()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));

        _line.FileOnTrial("silo1", "good", Recent.Of(Bad), new TrialLook(Bad, TimeSpan.FromSeconds(1)));

        Assert.Equal((3, null), (_line.State.Version, _line.State.Trial));
    }

    [Fact]
    public void Restore_OfALostStore_EndsTheTrial()
    {
        _line.FileOnTrial("silo1", "bad", Recent.Of(Good));
        var given = _line.State.Current! with { Version = 7 };

        var restored = ConfigurationMachine.Restore(_line.State, 7, given, _line.State.Generations, _line.State.Keys);

        Assert.Equal((7, null), (restored.Version, restored.Trial));
    }
}
