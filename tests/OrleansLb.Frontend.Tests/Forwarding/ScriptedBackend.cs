using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>A backend whose every byte is the test's.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<ScriptedConnection> _connections = Channel.CreateUnbounded<ScriptedConnection>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ScriptedConnection> _all = [];
    private readonly Task _accepting;
    private int _accepted;

    internal ScriptedBackend()
    {
        _listener.Start();
        _accepting = Accept();
    }

    internal string Address => $"http://{_listener.LocalEndpoint}/";

    internal IReadOnlyDictionary<string, string> Alone => new Dictionary<string, string> { ["a"] = Address };

    /// <summary>Connections that were made.</summary>
    internal int Connections => Volatile.Read(ref _accepted);

    /// <summary>The next connection.</summary>
    internal Task<ScriptedConnection> Next() =>
        _connections.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Takes no connections any more.</summary>
    internal void Refuse() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
        _all.ForEach(static connection => connection.Dispose());
    }

    private async Task Accept()
    {
        while (true)
        {
            var connection = new ScriptedConnection(await _listener.AcceptSocketAsync(_stopping.Token));
            _all.Add(connection);
            Interlocked.Increment(ref _accepted);
            await _connections.Writer.WriteAsync(connection, _stopping.Token);
        }
    }
}
