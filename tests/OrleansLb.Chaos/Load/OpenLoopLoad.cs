using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansLb.Chaos.Load;

/// <summary>
/// Sends requests at a fixed rate whatever becomes of the earlier ones, alternating over the targets, and records every outcome.
/// Bounded in rate, time and requests in flight: on a machine that cannot keep up the rest is sent late, and is charged with the delay.
/// Ends when disposed.
/// </summary>
public sealed class OpenLoopLoad : IAsyncDisposable
{
    private static readonly TimeSpan UsualLongestRun = TimeSpan.FromMinutes(8);

    // Each has a connection of its own: far more would only exhaust the machine that runs the test.
    private const int MostInFlight = 2_000;

    private readonly ConcurrentQueue<RequestOutcome> _outcomes = new();
    private readonly ConcurrentDictionary<long, Task> _inFlight = new();
    private readonly CancellationTokenSource _stop;
    private readonly TimeSpan _longestRun;
    private readonly HttpClient _client;
    private readonly Uri[] _targets;
    private readonly Action<HttpRequestMessage>? _prepare;
    private readonly IReadOnlyList<Uri> _frontends;
    private readonly Task _pump;
    private long _sent;
    private int _waiting;

    /// <summary>Begins.</summary>
    /// <param name="requestsPerSecond">How many are due.</param>
    /// <param name="targets">What is asked, in turn.</param>
    /// <param name="prepare">Adds to each request.</param>
    /// <param name="connect">Opens connections; without it they lead where the target is.</param>
    /// <param name="frontends">Where else a request goes, in turn, whose target takes no connection: clients with several addresses do that. Without them it has failed.</param>
    /// <param name="longestRun">When it ends by itself; 8 minutes unless given.</param>
    public OpenLoopLoad(
        double requestsPerSecond,
        IEnumerable<Uri> targets,
        Action<HttpRequestMessage>? prepare = null,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null,
        IReadOnlyList<Uri>? frontends = null,
        TimeSpan? longestRun = null)
    {
        _targets = [.. targets];
        _prepare = prepare;
        _frontends = frontends ?? [];
        _longestRun = longestRun ?? UsualLongestRun;
        _stop = new CancellationTokenSource(_longestRun);
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = connect,
        })
        {
            Timeout = TimeSpan.FromSeconds(20),
        };
        Started = Stopwatch.GetTimestamp();
        _pump = Pump(requestsPerSecond);
    }

    public long Started { get; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Started);

    public IReadOnlyCollection<RequestOutcome> Outcomes => _outcomes;

    /// <summary>Stops sending, waits for what is in flight, and returns every outcome.</summary>
    /// <exception cref="InvalidOperationException">It had ended by itself before: what the test did then was done without load.</exception>
    public async Task<IReadOnlyList<RequestOutcome>> Stop()
    {
        if (Elapsed > _longestRun)
            throw new InvalidOperationException($"The load ended after {_longestRun}, before it was stopped.");
        await End();
        return [.. _outcomes];
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task End()
    {
        await _stop.CancelAsync();
        await _pump;
        await Task.WhenAll(_inFlight.Values);
    }

    private async Task Pump(double requestsPerSecond)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!_stop.IsCancellationRequested)
        {
            var due = (long)(Elapsed.TotalSeconds * requestsPerSecond);
            while (_sent < due && Volatile.Read(ref _waiting) < MostInFlight)
                Launch(_sent++, requestsPerSecond);
            await timer.WaitForNextTickAsync();
        }
    }

    private void Launch(long number, double requestsPerSecond)
    {
        var at = TimeSpan.FromSeconds(number / requestsPerSecond);
        Interlocked.Increment(ref _waiting);
        var task = Send(_targets[number % _targets.Length], at);
        _inFlight[number] = task;
        _ = task.ContinueWith(_ => Ended(number), TaskScheduler.Default);
    }

    private void Ended(long number)
    {
        _inFlight.TryRemove(number, out Task? _);
        Interlocked.Decrement(ref _waiting);
    }

    private async Task Send(Uri target, TimeSpan at)
    {
        for (var tried = 1; await TakesNoConnection(target, at, isLast: tried >= _frontends.Count); tried++)
            target = Next(target);
    }

    /// <summary>Sends it and records what became of it.</summary>
    /// <returns>Whether nothing was sent, because there was no connection, and it is not the last place to try.</returns>
    private async Task<bool> TakesNoConnection(Uri target, TimeSpan at, bool isLast)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        _prepare?.Invoke(request);
        try
        {
            using var response = await _client.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
            var backend = response.Headers.TryGetValues("X-Backend", out IEnumerable<string>? values) ? string.Join(",", values) : null;
            Record(target, at, (int)response.StatusCode, backend, null);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError && !isLast)
        {
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            Record(target, at, 0, null, exception.Message + (exception.InnerException is { } inner ? $" ({inner.Message})" : ""));
        }

        return false;
    }

    private Uri Next(Uri target)
    {
        var place = 0;
        while (_frontends[place].Authority != target.Authority)
            place++;
        return new Uri(_frontends[(place + 1) % _frontends.Count], target.PathAndQuery);
    }

    private void Record(Uri target, TimeSpan at, int status, string? backend, string? error) =>
        _outcomes.Enqueue(new RequestOutcome(at, Elapsed - at, target, status, backend is null ? null : string.Intern(backend), error));
}
