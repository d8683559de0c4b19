using System.Net;
using System.Net.Sockets;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Ports;
using OrleansLb.Hosting.Tests.Processes;

namespace OrleansLb.Hosting.Tests.Ports;

public class PortReservationTests
{
    private const int ReusePort = 15;
    private const int SocketLevel = 1;

    [Fact]
    public void Reserve_FreePort_LeavesItFreeToListenOn()
    {
        var endpoint = FreeEndpoint();
        using var reservation = PortReservation.Reserve(endpoint, "Some:Key");

        using var listener = Listen(endpoint);
    }

    [Fact]
    public void Reserve_ReservedPort_IsRefusedNamingPortAndKey()
    {
        var endpoint = FreeEndpoint();
        using var reservation = PortReservation.Reserve(endpoint, "Some:Key");

        var refusal = Assert.Throws<StartupException>(() => PortReservation.Reserve(endpoint, "Some:Key"));

        Assert.Equal($"port {endpoint.Port} on 127.0.0.1 is in use by another OrleansLb process; free it or set Some:Key to another port", refusal.Message);
    }

    [Fact]
    public void Reserve_ReleasedPort_IsGranted()
    {
        var endpoint = FreeEndpoint();
        PortReservation.Reserve(endpoint, "Some:Key").Dispose();

        PortReservation.Reserve(endpoint, "Some:Key").Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reserve_ForeignListener_IsRefused(bool sharesItsPort)
    {
        var endpoint = FreeEndpoint();
        using var listener = Listen(endpoint, sharesItsPort);

        var refusal = Assert.Throws<StartupException>(() => PortReservation.Reserve(endpoint, "Some:Key"));
        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        listener.Dispose();
        PortReservation.Reserve(endpoint, "Some:Key").Dispose();
    }

    [Fact]
    public void Reserve_ForeignWildcardListener_IsRefused()
    {
        var endpoint = FreeEndpoint();
        using var listener = Listen(new IPEndPoint(IPAddress.Any, endpoint.Port));

        Assert.Throws<StartupException>(() => PortReservation.Reserve(endpoint, "Some:Key"));
    }

    [Fact]
    public void Reserve_AddressOfAnotherMachine_SaysSo()
    {
        var refusal = Assert.Throws<StartupException>(() => PortReservation.Reserve(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 11111), "Some:Key"));

        Assert.Contains("192.0.2.1 cannot be listened on", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reserve_ConnectionOfPredecessorInTimeWait_IsGranted()
    {
        var endpoint = FreeEndpoint();
        using (var listener = Listen(endpoint))
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
            var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
            accepted.Close();
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }

        PortReservation.Reserve(endpoint, "Some:Key").Dispose();
    }

    [Fact]
    public async Task Reserve_HeldByOtherProcess_IsRefusedUntilItIsKilled()
    {
        var endpoint = FreeEndpoint();
        await using var holder = await ChildProcess.StartReadyAsync($"--Test:Port={endpoint.Port}");
        Assert.Throws<StartupException>(() => PortReservation.Reserve(endpoint, "Some:Key"));

        await holder.Child.SignalAsync("KILL");
        await holder.Child.WaitForExitAsync();

        PortReservation.Reserve(endpoint, "Some:Key").Dispose();
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static Socket Listen(IPEndPoint endpoint, bool sharesItsPort = false)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (sharesItsPort)
            listener.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));

        listener.Bind(endpoint);
        listener.Listen();
        return listener;
    }
}
