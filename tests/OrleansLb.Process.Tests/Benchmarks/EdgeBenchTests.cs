using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Benchmarks;

/// <summary>The benchmark of front-ends, as a process: what it says, how it ends, and that nothing of it stays.</summary>
public sealed class EdgeBenchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-test-");
    private readonly ProcessMark _mark = new();

    [Fact]
    public async Task Run_QuickWithoutPeers_WritesTablesAndPicturesAndLeavesNothing()
    {
        await using var bench = Start("--quick", "--scenario", "keep-alive", "--contestants", "orleanslb", "stock-yarp", "--out", Path.Combine(_folder.FullName, "out"));
        Assert.True(await bench.WaitForExit(Limit) == 0, bench.Output);
        var turns = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "out", "keep-alive-turns.csv"), TestContext.Current.CancellationToken);
        // Five loads of two ways through the front-end, of stock YARP and of no proxy.
        Assert.Equal(1 + (5 * 4), turns.Length);
        Assert.All(turns[1..], static turn => Assert.True(int.Parse(turn.Split(',')[^10], CultureInfo.InvariantCulture) == 0, $"Requests failed: {turn}"));
        var page = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "out", "keep-alive.md"), TestContext.Current.CancellationToken);
        Assert.Contains("| OrleansLb, limit and cookie |", page, StringComparison.Ordinal);
        Assert.Contains("Measured on ", page, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(Path.Combine(_folder.FullName, "out"), "*.png").Length);
        AssertNothingStays();
    }

    [Theory]
    [InlineData("tls", 2)]
    [InlineData("http2", 2)]
    [InlineData("grpc", 2)]
    [InlineData("websocket", 1)]
    public async Task Run_QuickOfAProtocol_EveryRequestIsAnsweredByBothAndNothingStays(string scenario, int loads)
    {
        await using var bench = Start("--quick", "--scenario", scenario, "--contestants", "orleanslb", "stock-yarp", "--out", Path.Combine(_folder.FullName, "out"));
        Assert.True(await bench.WaitForExit(Limit) == 0, bench.Output);
        var turns = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "out", $"{scenario}-turns.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(1 + (loads * 2), turns.Length);
        Assert.All(turns[1..], static turn => Assert.True(turn.Split(',')[^5] == "0", $"Requests failed: {turn}"));
        AssertNothingStays();
    }

    [Fact]
    public async Task Terminate_WhileItMeasures_EndsWhatItStarted()
    {
        await using var bench = Start("--quick", "--contestants", "orleanslb", "--out", Path.Combine(_folder.FullName, "out"));
        await Eventually.Holds("it measures", Limit, () => Task.FromResult(bench.Output.Contains("warming up", StringComparison.Ordinal)), () => bench.Output);
        Assert.True(_mark.Processes().Count >= 4, "Backend, Redis, silo and front-end are not all there.");

        // Not an interrupt: what a shell starts in the background ignores it, and so do its children.
        bench.Signal(PosixSignals.Terminate);

        Assert.Equal(1, await bench.WaitForExit(Limit));
        Assert.Contains("Ended by a signal", bench.Output, StringComparison.Ordinal);
        AssertNothingStays();
    }

    [Theory]
    [InlineData("--rounds must be 1 to 100.", "--rounds", "0")]
    [InlineData("'traefik'", "--contestants", "traefik")]
    [InlineData("'everything'", "--scenario", "everything")]
    [InlineData("'--fast'", "--fast")]
    public async Task Run_WrongUsage_SaysWhatAndEndsWithTwo(string said, params string[] arguments)
    {
        await using var bench = Start(arguments);
        Assert.Equal(2, await bench.WaitForExit(Limit));
        Assert.Contains(said, bench.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ProgramsMissing_SaysWhichInOneLineAndEndsWithOne()
    {
        await using var bench = Start(new Dictionary<string, string> { ["PATH"] = "" }, "--quick");
        Assert.Equal(1, await bench.WaitForExit(Limit));
        Assert.Equal("Not installed: redis-server, nginx-light, haproxy, caddy, nghttp2-client. bench/run installs them; --contestants and --scenario measure without them.", bench.Output.Trim());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ProductProcess Start(params string[] arguments) => Start([], arguments);

    private ProductProcess Start(Dictionary<string, string> environment, params string[] arguments) => new(
        "bench", Executables.EdgeBench, arguments, new Dictionary<string, string>(environment) { [ProcessMark.Variable] = _mark.Value, ["TMPDIR"] = _folder.FullName });

    private void AssertNothingStays()
    {
        Assert.Empty(_mark.Processes());
        Assert.Empty(_folder.GetDirectories("orleanslb-edge-bench-*"));
        Assert.Empty(_folder.GetDirectories("orleanslb-h2load-*"));
    }
}
