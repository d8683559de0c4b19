namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Requests at random times on front-ends chosen at random, whatever became of the ones before.</summary>
internal sealed class PoissonClients(Uri[] frontends, double rate) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler());
    private readonly Random _random = new(1);
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly List<Task> _sent = [];
    private int _failures;

    internal int Failures => Volatile.Read(ref _failures);

    internal async Task Run(string path, TimeSpan time)
    {
        var began = _clock.GetTimestamp();
        var next = Gap();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (_clock.GetElapsedTime(began) is var now && now < time)
        {
            for (; next <= now; next += Gap())
                _sent.Add(Send(new Uri(frontends[_random.Next(frontends.Length)], path)));
            await ticks.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits for the last answers.</summary>
    internal async Task Drain()
    {
        await Task.WhenAll(_sent);
        _sent.Clear();
    }

    public void Dispose() => _client.Dispose();

    private TimeSpan Gap() => TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / rate);

    private async Task Send(Uri address)
    {
        try
        {
            using var response = await _client.GetAsync(address);
            response.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failures);
        }
    }
}
