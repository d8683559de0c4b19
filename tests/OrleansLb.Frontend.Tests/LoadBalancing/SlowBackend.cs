using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>A backend that takes a while for each request, exponentially distributed, and any number at once.</summary>
internal sealed class SlowBackend : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Random _random;
    private readonly TimeSpan _serviceTime;

    private SlowBackend(int index, TimeSpan serviceTime, IReadOnlyDictionary<string, InFlightMeter> meters)
    {
        _random = new Random(index);
        _serviceTime = serviceTime;
        _application = LoopbackHost.Create(HttpProtocols.Http1).Build();
        foreach (var (path, meter) in meters)
            _application.MapGet($"/{path}", () => Serve(index, meter));
    }

    internal string Address => _application.Urls.Single();

    internal static async Task<SlowBackend> Start(int index, TimeSpan serviceTime, IReadOnlyDictionary<string, InFlightMeter> meters)
    {
        var backend = new SlowBackend(index, serviceTime, meters);
        await backend._application.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Serve(int index, InFlightMeter meter)
    {
        meter.Begin(index);
        try
        {
            await Task.Delay(Draw());
        }
        finally
        {
            meter.End(index);
        }
    }

    private TimeSpan Draw()
    {
        lock (_random)
            return _serviceTime * -Math.Log(1 - _random.NextDouble());
    }
}
