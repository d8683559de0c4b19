using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>The WebSockets through this front-end. Shortly before the time of those that are left is over, they are told; their clients find another front-end and know that nothing failed.</summary>
internal sealed partial class OpenWebSockets(IHostApplicationLifetime application, IOptions<LifetimeOptions> options, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<OpenWebSockets> logger) : IHostedService, IDisposable
{
    // For the answer to a Close to come back, and to go on to the backend.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);
    private const int LargestPart = 4;

    private readonly ConcurrentDictionary<PartingStream, bool> _open = [];
    private readonly CancellationTokenSource _ended = new();
    private CancellationTokenRegistration _stopping;

    public void Add(PartingStream stream) => _open.TryAdd(stream, true);

    public void Remove(PartingStream stream) => _open.TryRemove(stream, out _);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = application.ApplicationStopping.Register(() => _ = PartAtTheEnd());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _ended.Cancel();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _ended.Dispose();
    }

    private async Task PartAtTheEnd()
    {
        var time = options.Value.DrainTimeout;
        var before = time / LargestPart < LastWords ? time / LargestPart : LastWords;
        await Task.Delay(time - before, clock, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_ended.IsCancellationRequested || _open.IsEmpty)
            return;
        LogParting(logger, _open.Count);
        await Task.WhenAll(_open.Keys.Select(Part));
    }

    private async Task Part(PartingStream stream)
    {
        try
        {
            await stream.Part();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Its client left meanwhile, and needs no telling.
            LogGone(logger, exception.Message);
        }
    }
}
