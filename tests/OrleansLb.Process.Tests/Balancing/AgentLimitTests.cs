using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;
using OrleansLb.Testing.Backends;

namespace OrleansLb.Process.Tests.Balancing;

/// <summary>The <c>maxconn</c> of an agent, in a pool that has no limit of its own, as the backend sees it behind two front-ends.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class AgentLimitTests(SharedCluster cluster)
{
    private const string Pool = "AgentLimit";
    private const int EachFrontend = 6;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Agent_SaysMaxconn_BothFrontendsTogetherKeepItAndItCanBeRaised()
    {
        var release = new TaskCompletionSource();
        await using var agent = new TestAgent { Says = "maxconn:2" };
        await using var backend = new RecordingBackend(Ports.Next(), HttpStatusCode.OK) { Hold = release.Task };
        await cluster.Serve((Pool, HeldPool(backend.Port, agent.Port)));
        using var client = new HttpClient();
        foreach (var frontend in cluster.Processes.Frontends)
        {
            // Its gates are in its metrics only while something limits them.
            await Eventually.Holds($"{frontend.Name} has heard of the limit", Soon, async () => HasGate(await cluster.Processes.TryGet(new Uri(frontend.Status, "/metrics"))), cluster.Processes.Logs);
        }

        var answers = cluster.Processes.Frontends
            .SelectMany(frontend => Enumerable.Range(0, EachFrontend).Select(_ => client.GetAsync(new Uri(frontend.Address, $"/{Pool}/"), TestContext.Current.CancellationToken))).ToArray();
        await Reaches(2, waiting: (2 * EachFrontend) - 2);
        Assert.Equal(2, backend.Most);

        agent.Says = "maxconn:5";
        await Reaches(5, waiting: (2 * EachFrontend) - 5);
        Assert.Equal(5, backend.Most);

        release.SetResult();
        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(5, backend.Most);
        cluster.Forget(Pool);

        async Task Reaches(int limit, int waiting)
        {
            var slots = "nothing";
            await Eventually.Holds(
                $"{limit} are at the backend and {waiting} wait",
                Soon,
                async () =>
                {
                    var told = (await cluster.Backend(Pool, "held"))["slots"];
                    slots = told?.ToJsonString() ?? "nothing";
                    return backend.Inside == limit && told is not null
                        && ((int)told["limit"]!, (int)told["inUse"]!, (int)told["waiting"]!) == (limit, limit, waiting);
                },
                () => $"{backend.Inside} are there, the status has {slots}.\n{cluster.Processes.Logs()}");
        }
    }

    private static bool HasGate(string? metrics) =>
        metrics?.Split('\n').Any(static line => line.StartsWith("orleanslb_slot_held{", StringComparison.Ordinal) && line.Contains($"\"{Pool}\"", StringComparison.Ordinal)) == true;

    private static JsonObject HeldPool(int port, int agentPort) => new()
    {
        ["Destinations"] = new JsonObject { ["held"] = new JsonObject { ["Address"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/") } },
        ["OrleansLb"] = new JsonObject
        {
            ["Agent"] = new JsonObject { ["Port"] = agentPort, ["Interval"] = "00:00:00.200" },
            ["Queue"] = new JsonObject { ["Timeout"] = "00:01:00" },
        },
    };
}
