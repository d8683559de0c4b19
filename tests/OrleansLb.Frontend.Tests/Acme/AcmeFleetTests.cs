using System.Net;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Acme;
using OrleansLb.Testing.Certificates;
using OrleansLb.Testing.Networks;

namespace OrleansLb.Frontend.Tests.Acme;

/// <summary>Several front-ends of one cluster, whose certificates a real authority issues.</summary>
public sealed class AcmeFleetTests : IDisposable
{
    private const string Host = "site.example.com";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-fleet");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Renewal_UnderLoad_NoHandshakeFailsOnAnyFrontend()
    {
        await using var cluster = await AcmeCluster.Start();
        int[] ports = [FreePort.Next(), FreePort.Next()];
        await using var first = await Start(cluster, "fe-1", ports[0]);
        await using var second = await Start(cluster, "fe-2", ports[1]);
        cluster.Port.LeadTo(first.Address.Port, second.Address.Port);
        await cluster.Order(("site", [Host]));
        var root = await cluster.Authority.Root(Cancellation);
        var before = new List<string>();
        foreach (var port in ports)
            before.Add(await Shown(port, root));
        // One order, whose certificate both show; each of them was asked, as the authority looks several times.
        Assert.Single(before.Distinct());

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = ports.Select(port => Task.Run(() => ConnectUntilRenewed(port, root, deadline.Token), Cancellation)).ToArray();
        var due = (await cluster.Orders.GetStatus()).Certificates.Single().NextOrder!.Value;
        cluster.Clock.Leap(due - cluster.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        deadline.CancelAfter(TimeSpan.FromSeconds(60));

        await Task.WhenAll(load);
    }

    private async Task<ClusterFrontend> Start(AcmeCluster cluster, string id, int port) => await ClusterFrontend.Start(
        Path.Combine(_folder.FullName, id),
        cluster.Grains,
        id: id,
        settings: new Dictionary<string, string?>
        {
            ["OrleansLb:Frontend:Urls"] = $"http://127.0.0.1:0;https://127.0.0.1:{port}",
            ["OrleansLb:Frontend:Tls:Acme"] = "true",
        });

    /// <summary>The certificate that a front-end shows, once it has one.</summary>
    private static async Task<string> Shown(int port, X509Certificate2 root)
    {
        string? serial = null;
        await Eventually.Is(async () =>
        {
            var seen = await Record.ExceptionAsync(async () => serial = (await Client(port, root).Handshake(Host, cancellation: Cancellation)).Serial);
            return seen is null;
        });
        return serial!;
    }

    /// <summary>Makes one connection after the other, each of which must succeed, until some time after another certificate was shown.</summary>
    private static async Task ConnectUntilRenewed(int port, X509Certificate2 root, CancellationToken deadline)
    {
        var seen = new HashSet<string>();
        for (var after = 0; after < 50; after += seen.Count > 1 ? 1 : 0)
            seen.Add((await Client(port, root).Handshake(Host, cancellation: deadline)).Serial);
    }

    private static TlsClient Client(int port, X509Certificate2 root) => new(new IPEndPoint(IPAddress.Loopback, port), root);
}
