using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Chaos;

/// <summary>
/// Stands between any two parties that speak TCP and makes the trouble that a network makes, switchable at any time. What it leaves to chance it takes from its seed and the number of
/// the connection, so that a run can be repeated.
/// </summary>
public sealed class ChaosProxy : IAsyncDisposable
{
    private readonly EndPoint _target;
    private readonly int _seed;
    private readonly TimeProvider _clock;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<int, ChaosConnection> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile ChaosWeather _weather = ChaosWeather.Fair;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _accepted;

    /// <summary>Starts to listen.</summary>
    /// <param name="target">Where connections are led.</param>
    /// <param name="seed">What chance is made of.</param>
    /// <param name="listen">Where it listens; without one on any free port of loopback.</param>
    /// <param name="clock">Measures delays; the system's when it is <see langword="null"/>.</param>
    /// <exception cref="SocketException">It cannot listen there.</exception>
    public ChaosProxy(EndPoint target, int seed, IPEndPoint? listen = null, TimeProvider? clock = null)
    {
        (_target, _seed, _clock) = (target, seed, clock ?? TimeProvider.System);
        _listener.Bind(listen ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = Accept();
    }

    /// <summary>Where to connect.</summary>
    public IPEndPoint Address { get; }

    /// <summary>What happens from now on, to connections that exist too.</summary>
    public ChaosWeather Weather
    {
        get => _weather;
        set
        {
            _weather = value;
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    /// <summary>Connections that there are.</summary>
    public int Open => _connections.Count;

    /// <summary>Resets every connection there is, both ways.</summary>
    public void CutAll()
    {
        foreach (var connection in _connections.Values)
            connection.Reset();
    }

    /// <summary>Makes the trouble of a schedule, step by step, and ends in fair weather.</summary>
    /// <param name="steps">The schedule.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task Follow(IEnumerable<ChaosStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var step in steps)
            {
                Weather = step.Weather;
                if (step.CutsAll)
                    CutAll();
                await Task.Delay(step.Length, _clock, cancellationToken);
            }
        }
        finally
        {
            Weather = ChaosWeather.Fair;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        var ends = _connections.Values.Select(static connection => connection.Ended).ToArray();
        CutAll();
        await Task.WhenAll(ends);
        _stop.Dispose();
    }

    // The event first: a change in between is then seen at once.
    private (ChaosWeather Weather, Task Changed) Now()
    {
        var changed = _changed.Task;
        return (_weather, changed);
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Socket client)
    {
        var number = Interlocked.Increment(ref _accepted);
        var connection = new ChaosConnection(client, Now, new Random(HashCode.Combine(_seed, number)), _clock);
        _connections[number] = connection;
        if (_weather.RefusesConnections)
            connection.Reset();
        _ = connection.Run(_target).ContinueWith(_ => Forget(number), TaskScheduler.Default);
    }

    private void Forget(int number)
    {
        if (_connections.TryRemove(number, out var connection))
            connection.Dispose();
    }
}
