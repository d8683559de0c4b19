using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>On which threads a front-end carries requests.</summary>
public sealed class SocketCompletionTests
{
    private const int Requests = 3000;

    // As the kernel names them.
    private const string WaitingForSockets = ".NET Sockets";
    private const string Pool = ".NET TP Worker";

    [Fact]
    public async Task InlineCompletions_RequestsAreCarried_OnTheThreadsThatItSays()
    {
        await using var cluster = await ProcessCluster.Start(silos: 1, frontends: 2, backends: 1, places: static name => ProcessPlace.Loopback with
        {
            Environment = new Dictionary<string, string> { ["OrleansLb__Frontend__InlineCompletions"] = name == "fe-1" ? "true" : "false" },
        });

        await AreCarriedOn(WaitingForSockets, Pool, cluster.Frontends[0]);
        await AreCarriedOn(Pool, WaitingForSockets, cluster.Frontends[1]);
    }

    private static async Task AreCarriedOn(string busier, string quieter, FrontendProcess frontend)
    {
        using var client = new HttpClient();
        // Compiled by then.
        await Ask(client, frontend.Address);
        var before = ThreadTimes.Of(frontend.Id);

        await Ask(client, frontend.Address);

        var after = ThreadTimes.Of(frontend.Id);
        var (busy, quiet) = (after[busier] - before[busier], after[quieter] - before[quieter]);
        TestContext.Current.SendDiagnosticMessage($"{busier}: {busy}, {quieter}: {quiet} ticks");
        Assert.True(busy > 2 * quiet, $"{busy} ticks of {busier}, {quiet} of {quieter}.");
    }

    private static async Task Ask(HttpClient client, Uri address)
    {
        for (var count = 0; count < Requests; count++)
        {
            using var response = await client.GetAsync(address, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }
}
