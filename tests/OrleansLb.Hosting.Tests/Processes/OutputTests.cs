namespace OrleansLb.Hosting.Tests.Processes;

public class OutputTests
{
    [Fact]
    public async Task Output_DefaultLevels_IsOneLineAnEventWithUtcTimeAndEachAddressOnce()
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:00:00");
        await running.Child.SignalAsync("TERM");
        var outcome = await running.Child.WaitForExitAsync();

        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, static line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \w+: ", line));
        Assert.Single(lines, line => line.Contains($"Now listening on: {running.Data.BaseAddress!.GetLeftPart(UriPartial.Authority)}", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains(running.Status.BaseAddress!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Output_JsonAsked_IsJsonLines()
    {
        await using var running = await ChildProcess.StartReadyAsync("--OrleansLb:ReadinessGrace=00:00:00", "--OrleansLb:Logging:Json=true");
        await running.Child.SignalAsync("TERM");
        var outcome = await running.Child.WaitForExitAsync();

        foreach (var line in outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var entry = System.Text.Json.JsonDocument.Parse(line);
            Assert.EndsWith("Z", entry.RootElement.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
        }
    }
}
