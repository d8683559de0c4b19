using OrleansLb.BenchProcesses;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Chaos;

/// <summary>Random faults against a cluster, as a process: what it says, how it ends, and that nothing of it stays.</summary>
public sealed class ChaosRunTests : IDisposable
{
    private const string AllFaults =
        "kill-silo,freeze-silo,kill-frontend,stop-frontend,freeze-frontend,kill-backend,freeze-backend,restart-redis,empty-redis,change-configuration,network";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-test-");
    private readonly ProcessMark _mark = new();

    [Fact]
    public async Task Run_TwoFaults_EveryPromiseHolds_PageTableAndPictureAreWritten_AndNothingStays()
    {
        await using var chaos = Start("--duration", "00:00:20", "--seed", "8", "--faults", "kill-frontend,kill-silo", "--out", Out);
        Assert.True(await chaos.WaitForExit(Limit) == 0, chaos.Output);

        var page = await File.ReadAllTextAsync(Path.Combine(Out, "chaos.md"), TestContext.Current.CancellationToken);
        Assert.StartsWith("# Chaos\n\nEvery promise held. 2 faults in ", page, StringComparison.Ordinal);
        Assert.Contains("`deploy/dev/chaos --duration 00:00:20 --seed 8 --faults kill-frontend,kill-silo`", page, StringComparison.Ordinal);
        var seconds = await File.ReadAllLinesAsync(Path.Combine(Out, "chaos.csv"), TestContext.Current.CancellationToken);
        Assert.InRange(seconds.Length, 21, 60);
        Assert.Contains(seconds, static second => second.Contains("kill-silo silo-", StringComparison.Ordinal));
        Assert.True(new FileInfo(Path.Combine(Out, "chaos.png")).Length > 10_000, "There is no picture.");
        Assert.Equal(11, Directory.GetFiles(Path.Combine(Out, "logs")).Length);
        AssertNothingStays();
    }

    [Fact]
    public async Task Terminate_WhileAProcessIsFrozen_EndsWhatItStarted()
    {
        await using var chaos = Start("--duration", "00:00:30", "--seed", "1", "--faults", "freeze-silo", "--out", Out);
        await Eventually.Holds("a silo is frozen", Limit, () => Task.FromResult(chaos.Output.Contains("freeze-silo silo-", StringComparison.Ordinal)), () => chaos.Output);
        // Redis writes its title where its environment was, so it has no mark.
        var family = ProcessFamily.Of(chaos.Id);
        Assert.Equal(12, family.Count);

        chaos.Signal(PosixSignals.Terminate);

        Assert.Equal(1, await chaos.WaitForExit(Limit));
        Assert.EndsWith("deploy/dev/chaos: ended by a signal; every process that was started has been ended", chaos.Output.Trim(), StringComparison.Ordinal);
        Assert.Empty(ProcessFamily.Everybody().Where(static process => process.State != 'Z').IntersectBy(family.Select(Identity), Identity));
        AssertNothingStays();
    }

    [Fact]
    public async Task Plan_SameSeed_IsTheSame_AndAnotherOneIsNot()
    {
        var first = await Plan("42");
        Assert.Equal(first, await Plan("42"));
        Assert.NotEqual(first, await Plan("43"));
        Assert.Contains("  0:03.0  ", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--minutes must be 1 to 120, not '0'", "--minutes", "0")]
    [InlineData("--minutes must be 1 to 120, not 'ten'", "--minutes", "ten")]
    [InlineData("--duration must be 00:00:20 to 02:00:00, not '00:00:19'", "--duration", "00:00:19")]
    [InlineData("--duration must be 00:00:20 to 02:00:00, not '30'", "--duration", "30")]
    [InlineData("--seed must be 0 to 2147483647, not '-1'", "--seed", "-1")]
    [InlineData("--faults knows no 'kill-everything', only " + AllFaults, "--faults", "kill-silo,kill-everything")]
    [InlineData("--minutes and --duration say the same; give one of them", "--minutes", "1", "--duration", "00:01:00")]
    [InlineData("Unrecognized command or argument '--fast'", "--fast")]
    public async Task WrongUsage_IsSaidInOneLine_AndEndsWithTwo(string said, params string[] arguments)
    {
        await using var chaos = Start(arguments);
        Assert.Equal(2, await chaos.WaitForExit(Limit));
        Assert.Equal($"deploy/dev/chaos: {said}; see deploy/dev/chaos --help", chaos.Output.Trim());
    }

    [Fact]
    public async Task NoRedis_IsSaidInOneLine_AndEndsWithOne()
    {
        await using var chaos = Start(new Dictionary<string, string> { ["PATH"] = _folder.FullName }, "--out", Out);
        Assert.Equal(1, await chaos.WaitForExit(Limit));
        Assert.Equal("deploy/dev/chaos: redis-server is missing; deploy/dev/chaos installs it", chaos.Output.Trim());
    }

    [Fact]
    public async Task FolderIsAFile_IsSaidInOneLine_AndEndsWithOne()
    {
        await File.WriteAllTextAsync(Out, "", TestContext.Current.CancellationToken);
        await using var chaos = Start("--out", Out);
        Assert.Equal(1, await chaos.WaitForExit(Limit));
        Assert.Contains(Out, Assert.Single(chaos.Output.Trim().Split('\n')), StringComparison.Ordinal);
        AssertNothingStays();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Out => Path.Combine(_folder.FullName, "out");

    private async Task<string> Plan(string seed)
    {
        await using var chaos = Start("--minutes", "10", "--seed", seed, "--plan");
        Assert.True(await chaos.WaitForExit(Limit) == 0, chaos.Output);
        return chaos.Output;
    }

    private ProductProcess Start(params string[] arguments) => Start([], arguments);

    private ProductProcess Start(Dictionary<string, string> environment, params string[] arguments) => new(
        "chaos", Executables.ChaosRun, arguments, new Dictionary<string, string>(environment) { [ProcessMark.Variable] = _mark.Value, ["TMPDIR"] = _folder.FullName });

    private static (int Id, string Name) Identity(ProcessStat process) => (process.Id, process.Name);

    private void AssertNothingStays()
    {
        Assert.Empty(_mark.Processes());
        Assert.Empty(_folder.GetDirectories("orleanslb-chaos-*"));
    }
}
