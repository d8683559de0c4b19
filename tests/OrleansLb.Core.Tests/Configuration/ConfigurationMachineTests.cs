using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Tests.Configuration;

public sealed class ConfigurationMachineTests
{
    private readonly VersionLine _line = new();

    [Fact]
    public void Submit_FirstFile_IsVersionOne()
    {
        Assert.Equal(SubmissionOutcome.Accepted, _line.File("silo1", "x"));
        Assert.Equal(1, _line.State.Version);
        Assert.Equal("x", _line.State.Current!.Digest);
    }

    [Fact]
    public void Submit_SameFileFromASecondSilo_IsUnchanged()
    {
        _line.File("silo1", "x");

        Assert.Equal(SubmissionOutcome.Unchanged, _line.File("silo2", "x"));
        Assert.Equal(1, _line.State.Version);
        Assert.Empty(_line.State.DivergentSources);
    }

    [Fact]
    public void Submit_EditedFile_IsTheNextVersion()
    {
        _line.File("silo1", "x");

        Assert.Equal(SubmissionOutcome.Accepted, _line.File("silo1", "y"));
        Assert.Equal(2, _line.State.Version);
        Assert.Equal("y", _line.State.Digest);
    }

    [Fact]
    public void Submit_NewSiloWithAnotherFile_IsDivergentAndShown()
    {
        _line.File("silo1", "x");

        Assert.Equal(SubmissionOutcome.Divergent, _line.File("silo2", "old"));
        Assert.Equal("x", _line.State.Digest);
        Assert.Equal(["silo2"], _line.State.DivergentSources);
    }

    [Fact]
    public void Submit_DivergentSiloEditsItsFile_IsAccepted()
    {
        _line.File("silo1", "x");
        _line.File("silo2", "old");

        Assert.Equal(SubmissionOutcome.Accepted, _line.File("silo2", "new"));
        Assert.Equal(["silo1"], _line.State.DivergentSources);
    }

    [Fact]
    public void Submit_SiloRestartsAfterAnAdministratorsChange_DoesNotUndoIt()
    {
        _line.File("silo1", "x");
        _line.Administrator("y");

        Assert.Equal(SubmissionOutcome.Unchanged, _line.File("silo1", "x"));
        Assert.Equal("y", _line.State.Digest);
        Assert.Equal(["silo1"], _line.State.DivergentSources);
    }

    [Fact]
    public void Submit_FileFollowsTheAdministratorsChange_IsUnchangedAndNoLongerDivergent()
    {
        _line.File("silo1", "x");
        _line.Administrator("y");

        Assert.Equal(SubmissionOutcome.Unchanged, _line.File("silo1", "y"));
        Assert.Empty(_line.State.DivergentSources);
    }

    [Fact]
    public void Submit_NothingNew_LeavesTheSameInstance()
    {
        _line.File("silo1", "x");
        var before = _line.State;
        _line.File("silo1", "x");
        _line.Administrator("x");

        Assert.Same(before, _line.State);
    }

    [Fact]
    public void RollBack_HistoricVersion_IsANewVersionWithItsSettings()
    {
        _line.File("silo1", "x");
        _line.Administrator("y");

        Assert.Equal(SubmissionOutcome.Accepted, _line.RollBack(1));
        Assert.Equal(3, _line.State.Version);
        Assert.Equal("x", _line.State.Digest);
        Assert.Equal(_line.State.Find(1)!.Settings, _line.State.Current!.Settings);
        Assert.Equal(3, Assert.Single(_line.State.Generations.Backends).Generation);
    }

    [Fact]
    public void RollBack_VersionNotInHistory_IsUnknownAndChangesNothing()
    {
        _line.File("silo1", "x");
        var before = _line.State;

        Assert.Equal(SubmissionOutcome.UnknownVersion, _line.RollBack(7));
        Assert.Same(before, _line.State);
    }

    [Fact]
    public void Report_StoreLost_NextVersionIsAboveTheHighestReported()
    {
        _line.LoseStore(reported: 41);
        _line.State = ConfigurationMachine.Report(_line.State, 17);

        Assert.Equal(SubmissionOutcome.Accepted, _line.File("silo1", "x"));
        Assert.Equal(42, _line.State.Version);
    }

    [Fact]
    public void History_ManyVersions_HoldsTheLastTwenty()
    {
        for (var change = 1; change <= 30; change++)
            _line.Administrator("document " + change);

        Assert.Equal(Enumerable.Range(11, 20).Select(version => (long)version), _line.State.History.Select(entry => entry.Version));
    }

    [Fact]
    public void History_LargeDocuments_DropsTheOldestButNeverTheCurrent()
    {
        var quarter = new byte[ConfigurationMachine.MaxHistoryBytes / 4];
        var state = ConfigurationState.Empty;
        for (var change = 1; change <= 6; change++)
            state = ConfigurationMachine.Submit(state, Large(change, quarter)).State;

        Assert.Equal(6, state.Current!.Version);
        Assert.Equal([2L, 3L, 4L, 5L, 6L], state.History.Select(entry => entry.Version));
    }

    [Fact]
    public void Files_ManySilos_ForgetsTheOneHeardOfLongestAgo()
    {
        for (var silo = 0; silo <= ConfigurationMachine.MaxFiles; silo++)
            _line.File("silo" + silo, "x");

        Assert.Equal(ConfigurationMachine.MaxFiles, _line.State.Files.Length);
        Assert.DoesNotContain(_line.State.Files, file => file.Source == "silo0");
        Assert.Equal("silo" + ConfigurationMachine.MaxFiles, _line.State.Files[^1].Source);
    }

    [Fact]
    public void ReplaceKeys_NewRing_IsANewNumberForTheSameSettings()
    {
        _line.File("silo1", "x");
        _line.RotateKeys();

        Assert.Equal((2L, "x"), (_line.State.Version, _line.State.Digest));
        Assert.Equal(1, _line.State.Current!.Version);
        Assert.Equal(1, Assert.Single(_line.State.Generations.Backends).Generation);
        Assert.Same(_line.State, ConfigurationMachine.ReplaceKeys(_line.State, _line.State.Keys, default));
    }

    [Fact]
    public void ReplaceKeys_NothingAccepted_WaitsForTheFirstVersion()
    {
        _line.RotateKeys();

        Assert.Same(ConfigurationState.Empty, _line.State);
    }

    [Fact]
    public void RotateKeys_PeriodIsOver_IsDueAgainAfterTheNextOne()
    {
        var (week, when) = (TimeSpan.FromDays(7), new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _line.File("silo1", "x");
        var settled = _line.State with { Keys = Ring("current"), KeysSince = when };
        Assert.False(ConfigurationMachine.IsRotationDue(settled, week, when + week - TimeSpan.FromTicks(1)));
        Assert.True(ConfigurationMachine.IsRotationDue(settled, week, when + week));
        Assert.False(ConfigurationMachine.IsRotationDue(settled, TimeSpan.Zero, DateTimeOffset.MaxValue));
        Assert.False(ConfigurationMachine.IsRotationDue(settled, week, when - week));
        Assert.False(ConfigurationMachine.IsRotationDue(settled with { Keys = Ring("previous") }, week, when + week));

        // A ring that another build stored is of no known age.
        Assert.False(ConfigurationMachine.IsRotationDue(settled with { KeysSince = default }, week, when + week));

        var rotated = ConfigurationMachine.ReplaceKeys(settled, Ring("previous"), when + week);
        Assert.Equal((settled.Version + 1, when + week, settled.Digest), (rotated.Version, rotated.KeysSince, rotated.Digest));
        // What sealed until its successor was everywhere is kept for a whole period from then, however late that was.
        var late = ConfigurationMachine.ReplaceKeys(rotated, Ring("current"), when + (3 * week));
        Assert.False(ConfigurationMachine.IsRotationDue(late, week, when + (4 * week) - TimeSpan.FromTicks(1)));
        Assert.Same(rotated, ConfigurationMachine.ReplaceKeys(rotated, rotated.Keys, when));
    }

    [Fact]
    public void Renumber_FrontendServesAHigherNumber_GoesAboveItWithNewGenerations()
    {
        _line.File("silo1", "x");
        _line.Hear(reported: 40);

        Assert.Equal((41L, "x"), (_line.State.Version, _line.State.Digest));
        Assert.Equal(41, Assert.Single(_line.State.Generations.Backends).Generation);
    }

    [Fact]
    public void Renumber_NothingHigherReported_ChangesNothing()
    {
        _line.File("silo1", "x");
        var before = _line.State;
        _line.Hear(reported: 1);

        Assert.Same(before, _line.State);
    }

    [Fact]
    public void Restore_StoreLost_IsAsBefore()
    {
        _line.File("silo1", "x");
        _line.Administrator("y");
        _line.RotateKeys();
        var before = _line.State;

        var after = ConfigurationMachine.Restore(ConfigurationState.Empty, before.Version, before.Current!, before.Generations, before.Keys);

        Assert.Equal((before.Version, before.Digest, before.NextVersion), (after.Version, after.Digest, after.NextVersion));
        Assert.Same(before.Keys, after.Keys);
        Assert.Equal(before.Generations, after.Generations);
        Assert.Same(after, ConfigurationMachine.Restore(after, before.Version, before.Current!, GenerationLedger.Empty, before.Keys));
    }

    private static ConfigurationSubmission Large(int change, byte[] settings) =>
        new(SubmissionKind.Administrator, "admin", "digest" + change, [.. settings], GenerationLedger.Empty, DateTimeOffset.UnixEpoch);

    private static KeyRing Ring(string signing) => new([.. ((string[])["next", "current", "previous"]).Select(static id => new AffinityKey(id, [1]))], signing);
}
