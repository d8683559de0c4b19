using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Testing.Frontends;

namespace OrleansLb.Admin.Tests.Frontends;

public sealed class FrontendApiTests : IAsyncLifetime
{
    private const string Forget = "/api/v1/frontends/fe-1/forget";

    private AdminCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await AdminCluster.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Post_Forget_ConcernsOnlyFrontendsThatVanished()
    {
        Assert.Equal((HttpStatusCode.OK, false), await Forgets());
        var frontend = await BeatingFrontend.Start(_cluster.Cluster.Client, "fe-1", new SilentFrontend(), incarnation: 7);
        Assert.Equal(HttpStatusCode.Conflict, (await _cluster.Post(Forget)).Status);
        Assert.Empty(await Vanished());

        await frontend.DisposeAsync();
        await Eventually.Holds("fe-1 has vanished", async () => (await Vanished()).Count == 1);
        var vanished = Assert.Single(await Vanished())!;
        Assert.Equal(("fe-1", 7), ((string)vanished["id"]!, (long)vanished["incarnation"]!));
        Assert.InRange((double)vanished["secondsAgo"]!, 0, 60);

        Assert.Equal((HttpStatusCode.OK, true), await Forgets());
        Assert.Empty(await Vanished());
        Assert.Equal((HttpStatusCode.OK, false), await Forgets());
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Post("/api/v1/frontends/fe%201/forget")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _cluster.Get(Forget)).Status);
    }

    private async Task<(HttpStatusCode Status, bool Known)> Forgets()
    {
        var (status, answer) = await _cluster.Post(Forget);
        Assert.Equal("fe-1", (string)answer!["forgotten"]!);
        return (status, (bool)answer["known"]!);
    }

    private async Task<JsonArray> Vanished() => (await _cluster.Get("/api/v1/status")).Body!["vanished"]!.AsArray();
}
