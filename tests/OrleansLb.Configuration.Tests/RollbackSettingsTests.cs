using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

/// <summary>When versions are taken back.</summary>
public sealed class RollbackSettingsTests
{
    private const string Rollback = "OrleansLb:Rollback:";

    [Fact]
    public void Compile_EveryKey_IsWhatWasWritten()
    {
        var rollback = Compile(("Enabled", "true"), ("Window", "00:02:00"), ("MaxRisePercent", "2.5"), ("MinRequests", "50"), ("FailureStatuses", "500-599, 404"))!;

        Assert.Equal((TimeSpan.FromMinutes(2), 2.5, 50, "500-599,404"), (rollback.Window, rollback.MaxRisePercent, rollback.MinRequests, rollback.FailureStatuses.ToString()));
    }

    [Fact]
    public void Compile_Enabled_HasTheDefaults() => Assert.Equal(new RollbackDefinition(), Compile(("Enabled", "true")));

    [Fact]
    public void Compile_OffOrNothing_TakesNothingBack()
    {
        Assert.Null(Compile());
        Assert.Null(Compile(("Enabled", "false"), ("Window", "00:02:00")));
    }

    [Fact]
    public void Compile_NotSwitchedOn_WarnsThatItHasNoEffect()
    {
        var result = TestDocuments.Compile(new Dictionary<string, string?> { [Rollback + "Window"] = "00:02:00" });

        Assert.Null(result.Configuration!.Snapshot.Rollback);
        Assert.Equal(new ConfigurationError(Rollback.TrimEnd(':'), "has no effect without Enabled"), Assert.Single(result.Warnings));
    }

    private static RollbackDefinition? Compile(params (string Key, string Value)[] settings) =>
        TestDocuments.Compile(settings.ToDictionary(static setting => Rollback + setting.Key, static setting => (string?)setting.Value)).Configuration!.Snapshot.Rollback;
}
