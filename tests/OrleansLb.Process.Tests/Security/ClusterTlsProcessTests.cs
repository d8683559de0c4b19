using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Security;

/// <summary>Real silos and front-ends that know each other by certificates.</summary>
[Collection(NetworkCollection.Name)]
public sealed class ClusterTlsProcessTests(NetworkCluster network)
{
    private const double RequestsPerSecond = 100;
    private const int Silos = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Cluster_WithCertificates_ServesThroughDeathsOfSilosAndNewCertificates()
    {
        using var files = new ClusterCertificateFiles();
        await using var cluster = await ProcessCluster.Start(Silos, places: name => files.PlaceOf(name, ProcessPlace.Loopback));
        await AreOne(cluster);
        await using var load = NetworkCluster.Load(RequestsPerSecond, cluster.Frontends);

        files.AddAuthority();
        await Say(cluster, "Cluster:Authorities: certificates are in order that one of 2 authorities made.");
        files.Renew(cluster.Silos.Concat<ProductProcess>(cluster.Frontends).Select(static process => process.Name));
        await Say(cluster, "is in use until", times: 2);
        files.ForgetOlderAuthorities();
        await Say(cluster, "Cluster:Authorities: certificates are in order that one of 1 authorities made.", times: 2);
        // Its successor has to make itself known to the others by what is new, and they to it.
        await cluster.Silos[0].Kill();
        cluster.Restart(cluster.Silos[0]);
        await cluster.IsReady();
        await AreOne(cluster);

        var outcomes = await load.Stop();
        Assert.All(outcomes, static outcome => Assert.False(outcome.Failed, $"{outcome}"));
        Assert.All(cluster.Silos.Concat<ProductProcess>(cluster.Frontends), static process => Assert.DoesNotContain("was not made, because of its", process.Output, StringComparison.Ordinal));
        // Front-ends send as themselves, and call nothing that is for silos alone or in the name of another.
        Assert.All(cluster.Silos, static silo => Assert.DoesNotContain("and was refused, because", silo.Output, StringComparison.Ordinal));
        Assert.All(cluster.Silos, static silo => Assert.DoesNotContain("The client does not say who it is", silo.Output, StringComparison.Ordinal));
        Assert.All(cluster.Silos, static silo => Assert.DoesNotContain("The client is not the sender", silo.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frontend_WithoutCertificate_TellsNothingToASiloOffLoopback()
    {
        var place = new ProcessPlace(network.Network.Address) { Environment = new Dictionary<string, string> { ["OrleansLb__Cluster__Insecure"] = "false" } };
        await using var frontend = network.Processes.StartFrontend("fe-without", place: place);

        await Eventually.Holds("it says why it is alone", Patience, () => Task.FromResult(frontend.Output.Contains("is off loopback, and this process has no certificate by which", StringComparison.Ordinal)), () => frontend.Output);

        Assert.DoesNotContain("Connected to the cluster", frontend.Output, StringComparison.Ordinal);
    }

    private static Task<TimeSpan> AreOne(ProcessCluster cluster) => Eventually.Holds(
        "all silos are active and all front-ends follow them",
        Patience,
        async () => await cluster.GetStatus() is { } status
            && status["silos"]!.AsArray().Count(static silo => (string)silo!["status"]! == "Active") == Silos
            && status.FrontendCount() == cluster.Frontends.Count
            && status["pools"]!.AsArray() is [{ } pool] && (bool)pool["complete"]! && pool["frontends"]!.AsArray().Count == cluster.Frontends.Count,
        cluster.Logs);

    private static async Task Say(ProcessCluster cluster, string line, int times = 1)
    {
        foreach (var process in cluster.Silos.Concat<ProductProcess>(cluster.Frontends))
            await Eventually.Holds($"{process.Name} says {times} times '{line}'", Patience, () => Task.FromResult(process.Output.Split(line).Length > times), () => process.Output);
    }
}
