using System.Net;
using System.Net.Sockets;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Network;

public sealed class TcpNetworkTests
{
    [Fact]
    public async Task RefuseItself_SocketThatMetItself_IsRefused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.ConnectAsync(socket.LocalEndPoint!, TestContext.Current.CancellationToken);
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => TcpNetwork.RefuseItself(socket)).SocketErrorCode);
    }
}
