using System.Net.Security;
using System.Net.Sockets;
using OrleansLb.Probes.Network;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>The network of one silo's probes, which can be cut.</summary>
internal sealed class SwitchableNetwork : IProbeNetwork
{
    private readonly TcpNetwork _network = new();
    private readonly Lock _gate = new();
    private readonly List<(int Opened, TaskCompletionSource Met)> _waits = [];
    private int _opened;

    public volatile bool IsCut;

    public SslClientAuthenticationOptions Tls => _network.Tls;

    /// <summary>Completes when so many more connections were asked for.</summary>
    public Task Opens(int more)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waits.Add((_opened + more, met));
        return met.Task;
    }

    public ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _opened++;
            _waits.RemoveAll(wait => wait.Opened <= _opened && wait.Met.TrySetResult());
        }

        return IsCut ? throw new SocketException((int)SocketError.ConnectionRefused) : _network.Connect(host, port, cancellationToken);
    }
}
