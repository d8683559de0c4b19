using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>Gives every request the same answer, the first one late; an answer without text is a closed connection, and so is what comes after one that says so.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim _accepted = new(0);
    private readonly string _answer;
    private readonly Lazy<Task> _first;
    private readonly Task _accepting;

    public ScriptedServer(string answer, TimeSpan lateness)
    {
        _answer = answer;
        // From the first request on.
        _first = new Lazy<Task>(() => Task.Delay(lateness, TimeProvider.System, _stop.Token));
        _listener.Start();
        _accepting = Accept();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Waits until there have been so many connections.</summary>
    /// <returns>How many there were; fewer if no more came for a while.</returns>
    public async Task<int> Connections(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!await _accepted.WaitAsync(Patience, TestContext.Current.CancellationToken))
                return i;
        }

        return count + _accepted.CurrentCount;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _accepted.Release();
                serving.Add(Serve(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        var (stream, buffer) = (client.GetStream(), new byte[4096]);
        try
        {
            // A request comes in one piece: it is short.
            while (await stream.ReadAsync(buffer, _stop.Token) > 0)
            {
                await _first.Value;
                await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer), _stop.Token);
                if (_answer.Length == 0 || _answer.Contains("close", StringComparison.Ordinal))
                    return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The load has gone.
        }
    }
}
