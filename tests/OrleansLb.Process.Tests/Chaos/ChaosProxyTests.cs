using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansLb.Chaos;

namespace OrleansLb.Process.Tests.Chaos;

/// <summary>The proxy itself, before an echo.</summary>
public sealed class ChaosProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(150);

    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private Task _echoing = Task.CompletedTask;
    private ChaosProxy _proxy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _echo.Start();
        _echoing = Echo();
        _proxy = new ChaosProxy(_echo.LocalEndpoint, seed: 1);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _stop.CancelAsync();
        _echo.Stop();
        await _echoing;
        _stop.Dispose();
    }

    [Fact]
    public async Task FairWeather_PassesBytesAndTheEndInGoodOrder()
    {
        using var client = await Connect();
        var sent = new byte[300_000];
        new Random(7).NextBytes(sent);
        // Before the end is sent: a client that has said its last word gives its stream to nobody.
        var reading = ReadToEnd(client);
        var sending = client.GetStream().WriteAsync(sent, Token).AsTask().ContinueWith(_ => client.Client.Shutdown(SocketShutdown.Send), TaskScheduler.Default);

        Assert.Equal(sent, await reading);
        await sending;
    }

    [Fact]
    public async Task Delay_And_Bandwidth_MakeBytesLateAndKeepTheirOrder()
    {
        _proxy.Weather = new ChaosWeather { ToTarget = new ChaosWay { Delay = Late, Jitter = Late }, ToClient = new ChaosWay { BytesPerSecond = 100 } };
        using var client = await Connect();
        var started = Stopwatch.GetTimestamp();
        for (byte i = 0; i < 20; i++)
            await client.GetStream().WriteAsync(new[] { i }, Token);

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => (byte)i), await Read(client, 20));
        Assert.True(Stopwatch.GetElapsedTime(started) >= Late + TimeSpan.FromSeconds(0.2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BlackHole_HoldsOneWayUntilItIsOver(bool toTarget)
    {
        using var client = await Connect();
        var hole = new ChaosWay { IsBlackHole = true };
        _proxy.Weather = toTarget ? new ChaosWeather { ToTarget = hole } : new ChaosWeather { ToClient = hole };
        await client.GetStream().WriteAsync("ab"u8.ToArray(), Token);
        var answer = Read(client, 2);

        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(Late, Token));
        _proxy.Weather = ChaosWeather.Fair;
        Assert.Equal("ab"u8.ToArray(), await answer);
    }

    [Fact]
    public async Task ResetAfter_LetsSoManyBytesThroughAndResets()
    {
        _proxy.Weather = new ChaosWeather { ToClient = new ChaosWay { ResetAfter = 3 } };
        using var client = await Connect();
        await client.GetStream().WriteAsync("abcdef"u8.ToArray(), Token);

        await Assert.ThrowsAsync<IOException>(() => ReadToEnd(client));
    }

    [Fact]
    public async Task HalfCloseAfter_LetsSoManyBytesThroughAndEndsInGoodOrder()
    {
        _proxy.Weather = new ChaosWeather { ToClient = new ChaosWay { HalfCloseAfter = 3 } };
        using var client = await Connect();
        await client.GetStream().WriteAsync("abcdef"u8.ToArray(), Token);

        Assert.Equal("abc"u8.ToArray(), await ReadToEnd(client));
    }

    [Fact]
    public async Task CutAll_And_RefusesConnections_ResetOldAndNewOnes_AndAFairOneFollows()
    {
        using var old = await Connect();
        await old.GetStream().WriteAsync("a"u8.ToArray(), Token);
        await Read(old, 1);
        _proxy.Weather = new ChaosWeather { RefusesConnections = true };
        _proxy.CutAll();

        await Assert.ThrowsAsync<IOException>(() => ReadToEnd(old));
        Assert.True(await IsReset());

        _proxy.Weather = ChaosWeather.Fair;
        using var fair = await Connect();
        await fair.GetStream().WriteAsync("b"u8.ToArray(), Token);
        Assert.Equal("b"u8.ToArray(), await Read(fair, 1));
    }

    [Fact]
    public async Task Schedule_IsTheSameForASeed_AndEndsFair()
    {
        var steps = ChaosSchedule.Make(seed: 5, troubles: 20, TimeSpan.FromMilliseconds(2));

        Assert.Equal(steps, ChaosSchedule.Make(seed: 5, troubles: 20, TimeSpan.FromMilliseconds(2)));
        Assert.NotEqual(steps, ChaosSchedule.Make(seed: 6, troubles: 20, TimeSpan.FromMilliseconds(2)));
        await _proxy.Follow(steps, Token).WaitAsync(Patience, Token);
        Assert.Equal(ChaosWeather.Fair, _proxy.Weather);
    }

    // The reset may come before the client knows that it had a connection.
    private async Task<bool> IsReset()
    {
        try
        {
            using var refused = await Connect();
            await ReadToEnd(refused);
            return false;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return true;
        }
    }

    private async Task<TcpClient> Connect()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(_proxy.Address, Token);
        return client;
    }

    private static async Task<byte[]> Read(TcpClient client, int count)
    {
        var bytes = new byte[count];
        await client.GetStream().ReadExactlyAsync(bytes, Token).AsTask().WaitAsync(Patience, Token);
        return bytes;
    }

    private static async Task<byte[]> ReadToEnd(TcpClient client)
    {
        using var all = new MemoryStream();
        await client.GetStream().CopyToAsync(all, Token).WaitAsync(Patience, Token);
        return all.ToArray();
    }

    private async Task Echo()
    {
        try
        {
            while (true)
                _ = Echo(await _echo.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
            return;
        }
    }

    private async Task Echo(Socket socket)
    {
        using var connection = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await connection.CopyToAsync(connection, _stop.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // Resets are what the proxy is for.
            return;
        }
    }
}
