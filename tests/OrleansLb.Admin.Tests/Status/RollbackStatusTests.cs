using System.Text.Json.Nodes;
using OrleansLb.Admin.Tests.Events;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Routing;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Admin.Tests.Status;

/// <summary>What people are told of a version that is on trial, and of one that was taken back.</summary>
public sealed class RollbackStatusTests
{
    [Fact]
    public async Task Status_AndEvents_SayWhatIsOnTrialAndWhatWasTakenBack()
    {
        await using var cluster = await AdminCluster.Start();
        await using var stream = await EventStream.Open(cluster.Url("/api/v1/events"));
        var good = await cluster.Cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/").With(("OrleansLb:Rollback:Enabled", "true")));
        Assert.Equal((null, null), ((await Configuration(cluster))["trial"], (await Configuration(cluster))["lastRollback"]));
        await using var frontend = await BeatingFrontend.Start(cluster.Cluster.Client, "fe-1", new SilentFrontend());
        var requests = 0L;
        frontend.Traffic = () => new ServedTraffic(good, TimeSpan.FromSeconds(1), new CountedRequests(requests += 1_000, 0));
        // A front-end that counts what cannot be is not believed.
        await using var broken = await BeatingFrontend.Start(cluster.Cluster.Client, "fe-2", new SilentFrontend());
        broken.Traffic = () => new ServedTraffic(good + 1, TimeSpan.FromMinutes(-1), new CountedRequests(-5, 1_000_000));
        await Eventually.Holds("enough requests are known of", () => Task.FromResult(requests > 20_000));

        var bad = await cluster.Cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.2/").With(("OrleansLb:Rollback:Enabled", "true")));
        var trial = (await Configuration(cluster))["trial"]!;
        Assert.Equal((good, 0), ((long)trial["returnTo"]!, (long)trial["before"]!["failed"]!));
        requests = 0;
        frontend.Traffic = () => new ServedTraffic(bad, TimeSpan.FromSeconds(1), new CountedRequests(requests += 1_000, requests / 2));

        var happened = await stream.Next("ConfigurationRolledBack");
        Assert.Equal((bad + 1, "the cluster, as requests failed"), ((long)happened["version"]!, (string)happened["by"]!));
        Assert.StartsWith($"version {bad} was taken back: 50.0 % of ", (string)happened["detail"]!, StringComparison.Ordinal);
        var configuration = await Configuration(cluster);
        var rollback = configuration["lastRollback"]!;
        Assert.Equal((bad, good, bad + 1), ((long)rollback["failed"]!, (long)rollback["returnedTo"]!, (long)rollback["version"]!));
        Assert.Equal((long)rollback["after"]!["requests"]!, 2 * (long)rollback["after"]!["failed"]!);
        Assert.Null(configuration["trial"]);
        Assert.Equal("the cluster, as requests failed", (string)configuration["source"]!);
    }

    private static async Task<JsonNode> Configuration(AdminCluster cluster) => (await cluster.Get("/api/v1/status")).Body!["configuration"]!;
}
