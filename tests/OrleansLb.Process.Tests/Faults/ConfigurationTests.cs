using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class ConfigurationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Change_UnderLoad_IsAppliedWithoutAFailedRequest_AndABadOneIsRefusedWithItsReasons()
    {
        await using var cluster = await ProcessCluster.Start();
        await using var load = new OpenLoopLoad(200, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        var version = (await cluster.GetStatus())!["version"]!.GetValue<long>();

        for (var change = 1; change <= 3; change++)
        {
            cluster.WriteConfiguration(configuration => configuration["ReverseProxy"]!["Routes"]![$"extra-{change}"] = new JsonObject
            {
                ["ClusterId"] = "app",
                ["Match"] = new JsonObject { ["Path"] = $"/extra-{change}" },
            });
            var expected = version + change;
            await Eventually.Holds($"every front-end serves version {expected}", Limit, async () =>
                (await cluster.GetStatus())?["frontends"]!.AsArray().All(node => node!["version"]!.GetValue<long>() == expected) == true, cluster.Logs);
        }

        cluster.WriteRaw("""{ "ReverseProxy": { "Clusters": { "app": { "LoadBalancingPolicy": "Nonsense", "Destinations": { "x": { "Address": "not an address" } } } } } }""");
        JsonNode? refused = null;
        await Eventually.Holds("the refusal is in the status", Limit, async () =>
            (refused = (await cluster.GetStatus())?["configuration"]?["refused"]) is not null, cluster.Logs);
        var errors = refused!["errors"]!.AsArray().Select(static node => node!.GetValue<string>()).ToList();
        Assert.Contains(errors, static error => error.Contains("LoadBalancingPolicy", StringComparison.Ordinal));
        Assert.Contains(errors, static error => error.Contains("Destinations:x", StringComparison.Ordinal));
        Assert.Equal(version + 3, (await cluster.GetStatus())!["version"]!.GetValue<long>());

        cluster.WriteRaw("{ this is not JSON");
        await Eventually.Holds("a silo says that the file is broken", Limit, () =>
            Task.FromResult(cluster.Silos.Any(static silo => silo.Output.Contains("orleanslb.json", StringComparison.Ordinal))), cluster.Logs);

        var outcomes = await load.Stop();
        Assert.DoesNotContain(outcomes, static outcome => outcome.Failed);
    }
}
