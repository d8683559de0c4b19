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

    private readonly ConcurrentDictionary<OpenWebSocket, bool> _open = [];
    private readonly CancellationTokenSource _ended = new();
    private CancellationTokenRegistration _stopping;

    /// <summary>Those that are open now.</summary>
    public ICollection<OpenWebSocket> All => _open.Keys;

    public void Add(OpenWebSocket socket) => _open.TryAdd(socket, true);

    public void Remove(OpenWebSocket socket) => _open.TryRemove(socket, out _);

    /// <summary>Tells the client of one to come back, as soon as it takes it.</summary>
    public void Tell(OpenWebSocket socket)
    {
        socket.ToldAt = clock.GetElapsedTime(0);
        // Who does not read keeps its own waiting, and nobody else.
        _ = Part(socket);
    }

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

    private async Task Part(OpenWebSocket socket)
    {
        try
        {
            await socket.Stream.Part();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Its client left meanwhile, and needs no telling.
            LogGone(logger, exception.Message);
        }
    }
}
