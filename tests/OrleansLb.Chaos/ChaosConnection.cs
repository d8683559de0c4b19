using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Chaos;

/// <summary>One connection through the proxy: two sockets, and what travels between them.</summary>
internal sealed class ChaosConnection(Socket client, Func<(ChaosWeather Weather, Task Changed)> weather, Random random, TimeProvider clock) : IDisposable
{
    private readonly Socket _target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when both sockets are closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends it as a machine does that lost its memory.</summary>
    public void Reset()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _target.Dispose();
        _end.Dispose();
    }

    /// <summary>Carries until both sides have closed, one is gone, or it is reset. Fails never.</summary>
    public async Task Run(EndPoint target)
    {
        try
        {
            await _target.ConnectAsync(target, _end.Token);
            client.NoDelay = _target.NoDelay = true;
            // Each way has chances of its own: which is served first must not decide.
            var (there, back) = (new Random(random.Next()), new Random(random.Next()));
            await Task.WhenAll(
                new ChaosCarrier(client, _target, Way(static weather => weather.ToTarget), there, clock).Run(_end),
                new ChaosCarrier(_target, client, Way(static weather => weather.ToClient), back, clock).Run(_end));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Whoever is left learns it by a reset, which says that something broke.
            client.LingerState = _target.LingerState = new LingerOption(true, 0);
        }
        finally
        {
            client.Dispose();
            _target.Dispose();
            _ended.TrySetResult();
        }
    }

    private Func<(ChaosWay Way, Task Changed)> Way(Func<ChaosWeather, ChaosWay> select) => () =>
    {
        var (now, changed) = weather();
        return (select(now), changed);
    };
}
