using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Chaos;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F7: backends that break off, lie about their length, answer what is no HTTP, and come and go.</summary>
[Collection(NetworkCollection.Name)]
public sealed class BrokenBackendTests(NetworkCluster cluster)
{
    private const string Row = "F7";
    private const int Requests = 20;
    private const string Begun = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it";
    private const int Half = 10;

    private static readonly (string Name, string Answer, bool Resets, int Expected)[] Kinds =
    [
        ("resets-in-the-body", Begun, true, Visible),
        ("closes-in-the-body", Begun, false, Visible),
        ("closes-between-chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false, Visible),
        ("closes-in-a-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf", false, Visible),
        ("says-more-than-its-length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf of it and more", false, 502),
        ("resets-before-the-head", "", true, 502),
        ("closes-in-the-head", "HTTP/1.1 200 OK\r\nContent-Le", false, 502),
        ("says-what-is-no-http", "\u0000\u0001\u0002 garbage\r\n\r\n", false, 502),
    ];

    // A client sees that a body is not whole.
    private const int Visible = -1;

    [Fact]
    public async Task BrokenAnswers_AreSeenAsBroken_AndTheirConnectionsAreNotUsedAgain()
    {
        var backends = Kinds.Select(kind => new BrokenBackend(cluster.Network.Address, kind.Answer, kind.Resets)).ToList();
        await cluster.Serve(Kinds.Select((kind, i) => (kind.Name, PoolOf(backends[i].Address))));
        using var client = new HttpClient();
        for (var i = 0; i < Kinds.Length; i++)
        {
            var seen = new List<int>();
            for (var request = 0; request < Requests; request++)
                seen.Add(await Ask(client, new Uri(cluster.Processes.Frontends[request % 2].Address, $"/{Kinds[i].Name}/")));
            var right = seen.Count(outcome => outcome == Kinds[i].Expected);
            FaultFigures.Say(Row, $"backend {Kinds[i].Name.Replace('-', ' ')}", Kinds[i].Expected == Visible ? "truncations that the client sees" : $"answers of {Kinds[i].Expected}", $"{right} of {Requests}", "all", "no silent short body");
            Assert.True(right == Requests, $"{Kinds[i].Name}: {string.Join(", ", seen)}");
            Assert.True(backends[i].Connections >= Requests, $"{Kinds[i].Name}: {backends[i].Connections} connections for {Requests} requests.");
        }

        cluster.Forget(Kinds.Select(static kind => kind.Name));
        await cluster.IsWhole();
        foreach (var backend in backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task FlappingBackend_BodiesAreWholeOrSeenAsBroken()
    {
        var target = cluster.Processes.Backends[0].Address;
        await using var proxy = new ChaosProxy(new IPEndPoint(IPAddress.Parse(target.Host), target.Port), seed: 7, new IPEndPoint(IPAddress.Parse(cluster.Network.Address), 0));
        var pool = PoolOf(new Uri($"http://{proxy.Address}/"));
        pool["HealthCheck"] = new JsonObject
        {
            ["Active"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterConsecutiveFailures", ["Interval"] = "00:00:01", ["Timeout"] = "00:00:00.500", ["Path"] = "/health" },
            ["Passive"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterOutlier" },
        };
        foreach (var backend in cluster.Processes.Backends.Skip(1))
            pool["Destinations"]![backend.Name] = new JsonObject { ["Address"] = backend.Address.ToString() };
        await cluster.Serve(("flaps", pool));

        using var over = new CancellationTokenSource();
        var flapping = Flap(proxy, over.Token);
        using var client = new HttpClient();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => AskForAWhile(client, new Uri(cluster.Processes.Frontends[number % 2].Address, "/flaps/"))));
        await over.CancelAsync();
        await flapping;
        cluster.Forget("flaps");
        await cluster.IsWhole();

        var all = outcomes.SelectMany(static each => each).ToList();
        var (shortened, failed) = (all.Count(static outcome => outcome == Silent), all.Count(static outcome => outcome is not 200));
        FaultFigures.Say(Row, "one backend of three refuses and cuts every 100 ms", "silent short bodies", $"{shortened} of {all.Count}", "0", "no silent short body");
        FaultFigures.Say(Row, "one backend of three refuses and cuts every 100 ms", "requests that failed visibly", $"{failed} of {all.Count}", "those sent there", "-");
        Assert.Equal(0, shortened);
        // What was sent there and cut before an answer began fails; a third of all would be sent there by who does not notice.
        Assert.True(failed < all.Count / 3, $"{failed} of {all.Count} failed.");
    }

    private const int Flaps = 15;

    // A body that ended well and is not what was sent.
    private const int Silent = -2;

    private static async Task Flap(ChaosProxy proxy, CancellationToken over)
    {
        for (var flap = 0; flap < Flaps && !over.IsCancellationRequested; flap++)
        {
            proxy.Weather = new ChaosWeather { RefusesConnections = flap % 2 == 0 };
            proxy.CutAll();
            await Task.Delay(TimeSpan.FromMilliseconds(100), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<List<int>> AskForAWhile(HttpClient client, Uri address)
    {
        var seen = new List<int>();
        for (var request = 0; request < 150; request++)
            seen.Add(await Ask(client, address, text => text.StartsWith("Hello from b", StringComparison.Ordinal) && text.Contains("X-Forwarded-For: ", StringComparison.Ordinal) && text.EndsWith('\n')));
        return seen;
    }

    private static Task<int> Ask(HttpClient client, Uri address) => Ask(client, address, static text => text.Length == Half);

    private static async Task<int> Ask(HttpClient client, Uri address, Func<string, bool> isWhole)
    {
        try
        {
            using var response = await client.GetAsync(address);
            var text = await response.Content.ReadAsStringAsync();
            return response.StatusCode != HttpStatusCode.OK || isWhole(text) ? (int)response.StatusCode : Silent;
        }
        catch (HttpRequestException)
        {
            return Visible;
        }
    }

    private static JsonObject PoolOf(Uri address) => new()
    {
        ["Destinations"] = new JsonObject { ["broken"] = new JsonObject { ["Address"] = address.ToString() } },
    };
}
