using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class SessionTests
{
    private const int Sessions = 40;

    [Fact]
    public async Task Session_FrontendsRestartAndItsBackendDies_StaysAndThenAgreesOnOneSuccessor()
    {
        await using var cluster = await ProcessCluster.Start(backends: 4, configure: static configuration =>
            configuration["ReverseProxy"]!["Clusters"]!["app"]!["SessionAffinity"] = new System.Text.Json.Nodes.JsonObject
            {
                ["Enabled"] = true,
                ["Policy"] = "ClusterCookie",
                ["AffinityKeyName"] = ".Lb.App",
                ["FailurePolicy"] = "Redistribute",
            });
        var sessions = new List<Session>();
        for (var number = 0; number < Sessions; number++)
            sessions.Add(await Session.Begin(cluster.Frontends[number % 2].Address));
        Assert.True(sessions.Select(static session => session.Backend).Distinct().Count() > 1, "All sessions began on one backend.");

        await AllStay(cluster, sessions);
        foreach (var frontend in cluster.Frontends.ToList())
        {
            await frontend.Kill();
            cluster.Restart(frontend);
        }

        await cluster.IsReady();
        await AllStay(cluster, sessions);

        var doomed = cluster.Backends.Single(backend => backend.Name == sessions[0].Backend);
        await doomed.Kill();
        foreach (var session in sessions.Where(session => session.Backend == doomed.Name))
        {
            var first = await session.Ask(cluster.Frontends[0].Address);
            var second = await session.Ask(cluster.Frontends[1].Address);
            Assert.NotEqual(doomed.Name, first);
            Assert.Equal(first, second);
        }

        // And still the same once the cluster has called it Down.
        await Eventually.Holds("it is Down", TimeSpan.FromSeconds(20), async () =>
            (await cluster.GetStatus())?.StateOf("app", doomed.Name) == "Down", cluster.Logs);
        foreach (var session in sessions.Where(session => session.Backend == doomed.Name))
            Assert.Equal(await session.Ask(cluster.Frontends[0].Address), await session.Ask(cluster.Frontends[1].Address));
        await AllStay(cluster, [.. sessions.Where(session => session.Backend != doomed.Name)]);
    }

    private static async Task AllStay(ProcessCluster cluster, IReadOnlyCollection<Session> sessions)
    {
        foreach (var session in sessions)
        {
            foreach (var frontend in cluster.Frontends)
                Assert.Equal(session.Backend, await session.Ask(frontend.Address));
        }
    }

    /// <summary>A client that keeps the cookie it was given first, as two browsers' tabs on two front-ends would.</summary>
    private sealed class Session
    {
        private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false });

        private readonly string _cookie;

        private Session(string backend, string cookie)
        {
            Backend = backend;
            _cookie = cookie;
        }

        public string Backend { get; }

        public static async Task<Session> Begin(Uri frontend)
        {
            using var response = await Client.GetAsync(frontend, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            return new Session(response.Headers.GetValues("X-Backend").Single(), response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        }

        public async Task<string> Ask(Uri frontend)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, frontend);
            request.Headers.Add("Cookie", _cookie);
            using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            response.EnsureSuccessStatusCode();
            return response.Headers.GetValues("X-Backend").Single();
        }
    }
}
