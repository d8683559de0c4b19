using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>Sessions by a header of the clients, through real front-ends while a silo is killed.</summary>
public sealed class LearnedSessionTests
{
    private const string Header = "X-Session";
    private const int Sessions = 200;
    private const int AtOnce = 16;

    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SiloKilled_FirstRequestsThroughTwoFrontendsAgreeAndEarlierSessionsStay()
    {
        await using var cluster = await ProcessCluster.Start(configure: static configuration =>
        {
            var pool = configuration["ReverseProxy"]!["Clusters"]!["app"]!;
            pool["SessionAffinity"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterSession", ["AffinityKeyName"] = Header };
            pool["OrleansLb"] = new JsonObject { ["Session"] = new JsonObject { ["Source"] = "Header" } };
        });
        var early = await AskThroughBoth(cluster, "early");
        Assert.True(early.Values.Distinct().Count() > 1, "All sessions began on one backend.");

        await cluster.Silos[0].Kill();
        var late = await AskThroughBoth(cluster, "late");
        foreach (var (session, place) in early.Concat(late))
        {
            foreach (var frontend in cluster.Frontends)
                Assert.Equal(place, await Ask(frontend, session));
        }

        // Looked up by what it is called, at a silo that lived.
        using var found = await Client.PostAsJsonAsync(new Uri(cluster.Silos[1].Status, "/api/v1/pools/app/sessions/find"), new { value = "late 0" }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(late["late 0"], (string)JsonNode.Parse(await found.Content.ReadAsStringAsync(Cancellation))!["backend"]!);
    }

    private static async Task<Dictionary<string, string>> AskThroughBoth(ProcessCluster cluster, string name)
    {
        var places = new string[Sessions];
        await Parallel.ForEachAsync(Enumerable.Range(0, Sessions), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation }, async (number, _) =>
        {
            var both = await Task.WhenAll(cluster.Frontends.Select(frontend => Ask(frontend, $"{name} {number}")));
            Assert.True(both[0] == both[1], $"{name} {number} went to {both[0]} and to {both[1]}. {await Outcomes(cluster)}");
            places[number] = both[0];
        });
        return Enumerable.Range(0, Sessions).ToDictionary(number => $"{name} {number}", number => places[number]);
    }

    /// <summary>How the front-ends found backends of sessions so far.</summary>
    private static async Task<string> Outcomes(ProcessCluster cluster)
    {
        var metrics = await Task.WhenAll(cluster.Frontends.Select(frontend => cluster.TryGet(new Uri(frontend.Status, "/metrics"))));
        return string.Join('\n', metrics.SelectMany(static text => (text ?? "no metrics").Split('\n')).Where(static line => line.StartsWith("orleanslb_session_requests", StringComparison.Ordinal)));
    }

    private static async Task<string> Ask(FrontendProcess frontend, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, frontend.Address);
        request.Headers.Add(Header, session);
        using var response = await Client.SendAsync(request, Cancellation);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("X-Backend").Single();
    }
}
