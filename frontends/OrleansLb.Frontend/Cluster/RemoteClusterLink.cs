using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Cluster;

/// <summary>
/// Connects to the silos in the background, for as long as it takes. The Orleans client lives in a host of its own, because its
/// start waits for a gateway and a front-end's listeners must not.
/// </summary>
internal sealed partial class RemoteClusterLink(
    ClusterClientFactory createClient,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<RemoteClusterLink> logger) : BackgroundService, IClusterLink
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _linked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost? _client;

    public IGrainFactory? Grains { get; private set; }

    public Task Linked => _linked.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The caller of a background service's start waits for its first await.
        await Task.Yield();
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            if (await TryConnect(attempt, stoppingToken))
                return;
            await Task.Delay(RetryDelay, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_client is null)
            return;
        await _client.StopAsync(cancellationToken);
        _client.Dispose();
    }

    private async Task<bool> TryConnect(int attempt, CancellationToken stoppingToken)
    {
        var client = createClient();
        try
        {
            await client.StartAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            client.Dispose();
            if (!stoppingToken.IsCancellationRequested)
                LogNotConnected(logger, attempt, exception.Message);
            return false;
        }

        _client = client;
        Grains = client.Services.GetRequiredService<IClusterClient>();
        _linked.TrySetResult();
        LogConnected(logger, attempt);
        return true;
    }
}
