using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Testing.Acme;

/// <summary>Where an authority asks: what stands before all front-ends, and gives each connection to the next of them.</summary>
public sealed class ChallengePort : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, int> _asked = new();
    private readonly Task _accepting;
    private volatile IReadOnlyList<int> _frontends = [];

    /// <summary>Listens, and ends each connection until there are front-ends.</summary>
    public ChallengePort()
    {
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The ports that were given a connection.</summary>
    public IEnumerable<int> Asked => _asked.Keys;

    /// <summary>Gives connections to these from now on.</summary>
    /// <param name="ports">Ports of front-ends.</param>
    public void LeadTo(params int[] ports) => _frontends = ports;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        for (var next = 0; ; next++)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var frontends = _frontends;
            if (frontends.Count == 0)
                client.Dispose();
            else
                _ = Carry(client, frontends[next % frontends.Count]);
        }
    }

    private async Task Carry(TcpClient client, int port)
    {
        _asked.AddOrUpdate(port, 1, static (_, times) => times + 1);
        using (client)
        using (var frontend = new TcpClient())
        {
            try
            {
                await frontend.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
                var (near, far) = (client.GetStream(), frontend.GetStream());
                await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
            }
            catch (SocketException)
            {
                // The authority sees a connection that ends.
                return;
            }
        }
    }
}
