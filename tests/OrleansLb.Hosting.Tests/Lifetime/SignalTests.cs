using OrleansLb.Hosting.Tests.Processes;

namespace OrleansLb.Hosting.Tests.Lifetime;

public class SignalTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Signal_RequestInFlight_FinishesItAndExitsZero(string signal)
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:00:00");
        var held = running.Data.GetStringAsync("/hold", TestContext.Current.CancellationToken);
        await running.Status.GetAsync("/test/arrived", TestContext.Current.CancellationToken);

        await running.Child.SignalAsync(signal);
        await running.WaitForNotReadyAsync();
        await ListenerClosedAsync(running.Data.BaseAddress!);
        Assert.False(held.IsCompleted);

        using var release = await running.Status.PostAsync("/test/release", null, TestContext.Current.CancellationToken);
        Assert.Equal("released", await held);
        var outcome = await running.Child.WaitForExitAsync();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
    }

    [Theory]
    [InlineData("TERM", "INT", 130)]
    [InlineData("INT", "TERM", 143)]
    [InlineData("TERM", "QUIT", 131)]
    public async Task Signal_DuringGrace_StillServesAndSecondOneEndsAtOnce(string first, string second, int exitCode)
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:05:00");
        await running.Child.SignalAsync(first);
        await running.WaitForNotReadyAsync();

        Assert.Equal("here", await running.Data.GetStringAsync("/", TestContext.Current.CancellationToken));

        await running.Child.SignalAsync(second);
        Assert.Equal(exitCode, (await running.Child.WaitForExitAsync()).ExitCode);
    }

    [Fact]
    public async Task Signal_RequestNeverFinishes_SecondOneEndsTheStopToo()
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:00:00");
        var held = running.Data.GetStringAsync("/hold", TestContext.Current.CancellationToken);
        await running.Status.GetAsync("/test/arrived", TestContext.Current.CancellationToken);
        await running.Child.SignalAsync("TERM");
        await ListenerClosedAsync(running.Data.BaseAddress!);

        await running.Child.SignalAsync("INT");

        Assert.Equal(130, (await running.Child.WaitForExitAsync()).ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => held);
    }

    [Fact]
    public async Task Signal_RequestOutlivesTheDrain_IsCutOffAndExitsOneSayingSo()
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:00:00", "--OrleansLb:DrainTimeout=00:00:00");
        var held = running.Data.GetStringAsync("/hold", TestContext.Current.CancellationToken);
        await running.Status.GetAsync("/test/arrived", TestContext.Current.CancellationToken);

        await running.Child.SignalAsync("TERM");

        var outcome = await running.Child.WaitForExitAsync();
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("test-process: requests were still in flight when OrleansLb:DrainTimeout ended, and were cut off", Assert.Single(outcome.ErrorLines));
        await Assert.ThrowsAsync<HttpRequestException>(() => held);
    }

    [Fact]
    public async Task Hangup_ChangedFile_ReadsItAndLives()
    {
        using var file = new GivenFile("""{ "Test": { "Value": "old" } }""");
        await using var running = await ChildProcess.StartReadyAsync("--config", file.Path, "--OrleansLb:ReadinessGrace=00:00:00");

        file.Write("""{ "Test": { "Value": "new" } }""");
        await running.Child.SignalAsync("HUP");

        await running.WaitForSettingAsync("Test:Value", "new");
        await running.Child.SignalAsync("TERM");
        Assert.Equal(0, (await running.Child.WaitForExitAsync()).ExitCode);
    }

    private static async Task ListenerClosedAsync(Uri data)
    {
        while (true)
        {
            using var connection = new System.Net.Sockets.TcpClient();
            try
            {
                await connection.ConnectAsync(data.Host, data.Port, TestContext.Current.CancellationToken);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }
        }
    }
}
