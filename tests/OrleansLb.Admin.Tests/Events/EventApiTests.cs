using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansLb.Admin.Events;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Events;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Admin.Tests.Events;

public sealed class EventApiTests
{
    private const string Events = "/api/v1/events";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_OnEverySilo_TellsOfADrainFromItsBeginningToItsEnd()
    {
        await using var cluster = await AdminCluster.Start(silos: 2);
        await using var first = await EventStream.Open(cluster.Url(Events, silo: 0));
        await using var second = await EventStream.Open(cluster.Url(Events, silo: 1));
        Assert.Equal("Connected", (string)(await first.NextOfAny())!["kind"]!);

        await cluster.Post("/api/v1/pools/app/backends/b0/drain?timeout=00:10:00");

        foreach (var stream in (EventStream[])[first, second])
        {
            // Different silos may tell of these, in either order.
            var both = new[] { await stream.Next("DrainBegan", "BackendStateChanged"), await stream.Next("DrainBegan", "BackendStateChanged") }.ToDictionary(static told => (string)told["kind"]!);
            var (began, change) = (both["DrainBegan"], both["BackendStateChanged"]);
            Assert.Equal(("app", "b0", "Draining", "Admin"), ((string)change["pool"]!, (string)change["backend"]!, (string)change["change"]!["to"]!, (string)change["change"]!["cause"]!));
            Assert.Contains("00:10:00", (string)began["detail"]!, StringComparison.Ordinal);
            Assert.Contains("an administrator at", (string)began["by"]!, StringComparison.Ordinal);
            var drained = await stream.Next("Drained");
            Assert.Equal(("app", "b0"), ((string)drained["pool"]!, (string)drained["backend"]!));
        }
    }

    [Fact]
    public async Task Stream_ConfigurationAndFrontends_AreToldOf()
    {
        await using var cluster = await AdminCluster.Start();
        await using var stream = await EventStream.Open(cluster.Url(Events));
        await stream.Next("Connected");

        await cluster.Cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        var accepted = await stream.Next("ConfigurationAccepted");
        // What the cluster began with may be told of late.
        if ((long)accepted["version"]! == 1)
            accepted = await stream.Next("ConfigurationAccepted");
        Assert.Equal((2, "administrator"), ((long)accepted["version"]!, (string)accepted["by"]!));

        await cluster.Cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.1/").With(("ReverseProxy:Routes:app:ClusterId", "none")), "silo-9", isFile: false);
        var refused = await stream.Next("ConfigurationRefused");
        Assert.Equal((2, "silo-9"), ((long)refused["version"]!, (string)refused["by"]!));
        Assert.Contains("ReverseProxy:Routes:app:ClusterId", (string)refused["detail"]!, StringComparison.Ordinal);

        var frontend = await BeatingFrontend.Start(cluster.Cluster.Client, "fe-1", new SilentFrontend());
        Assert.Equal("fe-1", (string)(await stream.Next("FrontendRegistered"))["frontend"]!);
        await frontend.Leave();
        Assert.Equal("fe-1", (string)(await stream.Next("FrontendGone"))["frontend"]!);
    }

    [Fact]
    public async Task Stream_ASiloIsKilled_ItIsToldOnceAndLaterEventsArrive()
    {
        await using var cluster = await AdminCluster.Start(silos: 3);
        await using var stream = await EventStream.Open(cluster.Url(Events));
        var killed = cluster.Cluster.Silos[^1];

        await cluster.Cluster.KillSiloAsync(killed, Cancellation);

        Assert.Equal(killed.Name, (string)(await stream.Next("SiloLeft"))["silo"]!);
        await cluster.Cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b1")).Decide(WireAdminState.Maintenance, null, "alice");
        Assert.Equal("alice", (string)(await stream.Next("BackendStateChanged"))["by"]!);
        Assert.Single(cluster.Service<EventFeed>(0).Last(1000), static happened => happened.Kind == ClusterEventKind.SiloLeft);
    }

    [Fact]
    public async Task Last_SoMany_AreInOneDocumentOldestFirst()
    {
        await using var cluster = await AdminCluster.Start();
        await using (var stream = await EventStream.Open(cluster.Url(Events)))
        {
            await cluster.Post("/api/v1/pools/app/backends/b0/maintenance");
            await stream.Next("BackendStateChanged");
        }

        var (status, body) = await cluster.Get($"{Events}?last=1000");
        Assert.Equal(HttpStatusCode.OK, status);
        var kinds = body!["events"]!.AsArray().Select(static happened => (string)happened!["kind"]!).ToArray();
        Assert.Equal("BackendStateChanged", kinds[^1]);
        Assert.Contains("SiloJoined", kinds);
        Assert.Single((await cluster.Get($"{Events}?last=1")).Body!["events"]!.AsArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1001")]
    [InlineData("ten")]
    [InlineData("1&last=2")]
    public async Task Last_NotANumberInRange_Is400(string last)
    {
        await using var cluster = await AdminCluster.Start();
        Assert.Equal(HttpStatusCode.BadRequest, (await cluster.Get($"{Events}?last={last}")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await cluster.Post(Events)).Status);
    }

    [Fact]
    public async Task Stream_ReaderStopsReading_ItsConnectionIsEndedAndItIsForgotten()
    {
        await using var cluster = await AdminCluster.Start();
        var feed = cluster.Service<EventFeed>(0);
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        var address = cluster.Url(Events);
        await socket.ConnectAsync(address.Host, address.Port, Cancellation);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {Events} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"), Cancellation);
        var buffer = new byte[16];
        Assert.NotEqual(0, await socket.GetStream().ReadAsync(buffer, Cancellation));

        // Until the buffers on the way are full and the reader's own backlog is too.
        var sequence = 0;
        var text = new string('x', 500);
        while (feed.Readers > 0)
        {
            feed.Take([.. Enumerable.Range(0, 100).Select(_ => new ClusterEvent { Kind = ClusterEventKind.SiloJoined, Source = "test", Sequence = ++sequence, Detail = text })]);
            await Task.Yield();
        }

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await socket.GetStream().ReadAsync(buffer, Cancellation) > 0)
            {
                // What was on the way may still arrive.
            }

            throw new IOException("The connection was closed.");
        });
    }

    [Fact]
    public async Task Stream_ServerStops_EndsAtOnce()
    {
        var cluster = await AdminCluster.Start();
        await using var stream = await EventStream.Open(cluster.Url(Events));
        await stream.Next("Connected");

        var stopping = cluster.DisposeAsync().AsTask();
        try
        {
            while (await stream.NextOfAny() is not null)
            {
                // Whatever is told of the end.
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // Cut off is ended too.
            Assert.False(Cancellation.IsCancellationRequested);
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }
}
