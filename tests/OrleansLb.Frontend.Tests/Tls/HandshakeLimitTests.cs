using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Tls;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Clients that begin more handshakes than they may.</summary>
public sealed class HandshakeLimitTests
{
    private static readonly IPAddress One = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.3");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handshakes_OfOneClientBeyondItsNumber_AreNotBegunAndCounted_OthersAreServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend, "3");
        using var rejected = new MetricCollector<long>(frontend.Host.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
        using var client = frontend.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("https://example.com/id", Cancellation)).StatusCode);

        Assert.Equal(3, await Handshakes(frontend, One, 4));

        var refused = Assert.Single(rejected.GetMeasurementSnapshot());
        Assert.Equal(("tcp", "tls.handshakes"), (refused.Tags["surface"], refused.Tags["reason"]));
        Assert.Equal(1, await Handshakes(frontend, Other, 1));
        // What has a connection needs no handshake.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("https://example.com/id", Cancellation)).StatusCode);

        frontend.Host.Clock.Advance(HandshakeAllowance.Period / 2);
        Assert.Equal(1, await Handshakes(frontend, One, 2));
    }

    [Fact]
    public async Task Handshakes_ThatComeToNothing_CountToo()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend, "2");
        foreach (var _ in (int[])[1, 2])
        {
            using var socket = await Connect(frontend, One);
            await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);
            await Ends(socket);
        }

        Assert.Equal(0, await Handshakes(frontend, One, 1));
    }

    [Fact]
    public async Task Handshakes_WithoutALimit_AreAsManyAsSomebodyWants()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend, most: null);

        Assert.Equal(50, await Handshakes(frontend, One, 50));
    }

    [Fact]
    public async Task Limit_OfNone_EndsTheStartWithItsKey()
    {
        await using var backend = await Backend.Start();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => Start(backend, "0"));
        Assert.Contains("MaxHandshakesPerClient", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    /// <summary>How many of some handshakes, one after the other, are made.</summary>
    private static async Task<int> Handshakes(TlsFrontend frontend, IPAddress from, int count)
    {
        var made = 0;
        for (var i = 0; i < count; i++)
            made += await IsMade(frontend, from) ? 1 : 0;
        return made;
    }

    private static async Task<bool> IsMade(TlsFrontend frontend, IPAddress from)
    {
        try
        {
            await frontend.ClientsFrom(from).Handshake("example.com", cancellation: Cancellation);
            return true;
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            return false;
        }
    }

    private static async Task<Socket> Connect(TlsFrontend frontend, IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, frontend.Host.Http1.Port, Cancellation);
        return socket;
    }

    private static async Task Ends(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[256], Cancellation) > 0)
            {
                // An alert of TLS may come first.
            }
        }
        catch (SocketException)
        {
            // Reset is an end, too.
        }
    }

    private static async Task<TlsFrontend> Start(Backend backend, string? most)
    {
        var frontend = new TlsFrontend();
        try
        {
            frontend.Add("site", frontend.Authority.Server("example.com"));
            frontend["MaxHandshakesPerClient"] = most;
            await frontend.Start(backend);
            return frontend;
        }
        catch
        {
            await frontend.DisposeAsync();
            throw;
        }
    }
}
