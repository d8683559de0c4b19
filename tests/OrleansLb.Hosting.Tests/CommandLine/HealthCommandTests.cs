using OrleansLb.Hosting.Tests.Processes;

namespace OrleansLb.Hosting.Tests.CommandLine;

public class HealthCommandTests
{
    [Fact]
    public async Task Health_ReadyProcess_ExitsZeroAndDrainingOne()
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:05:00");

        Assert.Equal(0, (await HealthAsync(running.Status.BaseAddress!)).ExitCode);

        await running.Child.SignalAsync("TERM");
        await running.WaitForNotReadyAsync();
        var draining = await HealthAsync(running.Status.BaseAddress!);
        Assert.Equal(1, draining.ExitCode);
        Assert.Contains("[-]drain failed: draining", draining.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await HealthAsync(new Uri(running.Status.BaseAddress!, "/livez"))).ExitCode);
    }

    [Fact]
    public async Task Health_NobodyListens_ExitsOneWithoutStackTrace()
    {
        var outcome = await HealthAsync(new Uri("http://127.0.0.1:1"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("http://127.0.0.1:1/readyz does not answer: ", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Health_NotAnAddress_IsWrongUsage()
    {
        await using var child = ChildProcess.Start(["health", "--url", "localhost:8090"]);

        Assert.Equal(2, (await child.WaitForExitAsync()).ExitCode);
    }

    private static async Task<ProcessOutcome> HealthAsync(Uri url)
    {
        await using var child = ChildProcess.Start(["health", "--url", url.ToString(), "--timeout", "60"]);
        return await child.WaitForExitAsync();
    }
}
