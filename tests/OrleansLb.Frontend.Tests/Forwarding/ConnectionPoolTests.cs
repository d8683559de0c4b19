using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>What a pool of connections gives out, with real sockets and nothing that looks at them between.</summary>
public sealed class ConnectionPoolTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionPool _pool;

    public ConnectionPoolTests() =>
        _pool = new(null, _clock, new ForwardingTimes { Idle = TimeSpan.FromSeconds(30), Life = TimeSpan.FromSeconds(40), LifeJitter = TimeSpan.FromSeconds(5) });

    [Fact]
    public async Task Connection_Kept_IsGivenOutAgain()
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            _pool.Keep(connection);
            Assert.True(_pool.TryTake(out var taken));
            Assert.Same(connection, taken);
            Assert.True(taken.IsReused);
            Assert.Equal((1, 0), (_pool.Open, _pool.Idle));
            Assert.False(_pool.TryTake(out _));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_ClosedOrSpokenOnWhileIdle_IsNotGivenOut(bool isClosed)
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            _pool.Keep(connection);
            if (isClosed)
                peer.Shutdown(SocketShutdown.Send);
            else
                await peer.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            await Eventually.Is(() => !connection.IsQuiet);
            Assert.False(_pool.TryTake(out _));
            Assert.Equal((0, 0), (_pool.Open, _pool.Idle));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Sweep_TheBackendEndedOne_ItIsSeenAtOnceWhereSomeAreToBeReady(int ready, int idle)
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            _pool.Ready = ready;
            _pool.Keep(connection);
            peer.Shutdown(SocketShutdown.Send);
            await Eventually.Is(() => !connection.IsQuiet);

            _pool.Sweep();

            Assert.Equal(idle, _pool.Idle);
        }
    }

    [Fact]
    public async Task Connection_OldOrIdleForTooLong_IsNotGivenOut()
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            _pool.Keep(connection);
            _clock.Advance(TimeSpan.FromSeconds(29));
            Assert.True(_pool.TryTake(out _));
            _pool.Keep(connection);
            _clock.Advance(TimeSpan.FromSeconds(7));
            Assert.False(_pool.TryTake(out _));
            Assert.Equal((0, 0), (_pool.Open, _pool.Idle));
        }
    }

    [Fact]
    public async Task Connection_OldWhenItsAnswerEnds_IsNotKept()
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            _clock.Advance(TimeSpan.FromSeconds(46));
            _pool.Keep(connection);
            Assert.Equal((0, 0), (_pool.Open, _pool.Idle));
        }
    }

    [Fact]
    public async Task Connection_WithBytesThatNobodyRead_IsNotKept()
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            await peer.SendAsync("x"u8.ToArray());
            Assert.Equal(1, await connection.Fill());
            _pool.Keep(connection);
            Assert.Equal((0, 0), (_pool.Open, _pool.Idle));
        }
    }

    [Fact]
    public async Task Connection_Aborted_IsNotKept()
    {
        var (connection, peer) = await Connect();
        using (peer)
        {
            connection.Abort();
            _pool.Keep(connection);
            Assert.Equal((0, 0), (_pool.Open, _pool.Idle));
        }
    }

    [Fact]
    public async Task Connection_MoreThanThereMayBe_IsNotKept()
    {
        var one = new ConnectionPool(1, _clock, new ForwardingTimes());
        var (first, peer) = await Connect(one);
        var (second, other) = await Connect(one);
        using (peer)
        using (other)
        {
            one.Keep(first);
            Assert.Equal((1, 0), (one.Open, one.Idle));
            one.Keep(second);
            Assert.Equal((1, 1), (one.Open, one.Idle));
        }
    }

    [Fact]
    public async Task Sweep_SomeAreIdleForTooLong_TheOthersStayInOrder()
    {
        var connections = new List<(BackendConnection Connection, Socket Peer)>();
        for (var i = 0; i < 3; i++)
        {
            connections.Add(await Connect());
            _pool.Keep(connections[i].Connection);
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        _pool.Sweep();
        Assert.Equal((2, 2), (_pool.Open, _pool.Idle));
        Assert.True(_pool.TryTake(out var newest));
        Assert.Same(connections[2].Connection, newest);
        connections.ForEach(static each => each.Peer.Dispose());
    }

    [Fact]
    public async Task Pool_Retired_KeepsNothing()
    {
        var (first, peer) = await Connect();
        var (second, other) = await Connect();
        using (peer)
        using (other)
        {
            _pool.Keep(first);
            _pool.Retire();
            _pool.Keep(second);
            Assert.Equal((0, 0), (_pool.Open, _pool.Idle));
        }
    }

    private Task<(BackendConnection Connection, Socket Peer)> Connect() => Connect(_pool);

    private static async Task<(BackendConnection Connection, Socket Peer)> Connect(ConnectionPool pool)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);
        var connection = new BackendConnection(socket, pool);
        pool.Opened(connection);
        return (connection, await listener.AcceptSocketAsync(TestContext.Current.CancellationToken));
    }
}
