using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Many backends in one server, each with a port of its own, that count the probes they get.</summary>
internal sealed class ProbeCounters : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Dictionary<int, int> _indexes = [];
    private readonly int[] _probes;

    private ProbeCounters(WebApplication application, int backends) => (_application, _probes) = (application, new int[backends]);

    public string[] Addresses { get; private set; } = [];

    /// <summary>Probes so far, by backend.</summary>
    public int[] Probes => [.. Enumerable.Range(0, _probes.Length).Select(i => Volatile.Read(ref _probes[i]))];

    public static async Task<ProbeCounters> Start(int backends)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var i = 0; i < backends; i++)
                kestrel.Listen(IPAddress.Loopback, 0);
        });
        var application = builder.Build();
        var counters = new ProbeCounters(application, backends);
        application.Run(counters.Count);
        await application.StartAsync();
        counters.Addresses = [.. application.Urls.Select(static url => $"{url}/")];
        foreach (var (index, address) in counters.Addresses.Index())
            counters._indexes[new Uri(address).Port] = index;
        return counters;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task Count(HttpContext context)
    {
        Interlocked.Increment(ref _probes[_indexes[context.Connection.LocalPort]]);
        return Task.CompletedTask;
    }
}
