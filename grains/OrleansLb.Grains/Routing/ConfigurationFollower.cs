using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core;

namespace OrleansLb.Grains.Routing;

/// <summary>Keeps this silo at the configuration in force: told by a push, and asking every second in case one was lost.</summary>
internal sealed partial class ConfigurationFollower(
    IGrainFactory grains,
    ConfigurationCompiler compiler,
    ConfigMetrics metrics,
    IOptions<SiloOptions> silo,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<ConfigurationFollower> logger) : BackgroundService, IConfigurationView, IConfigurationVersion, IConfigObserver
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly SignalledDelay _next = new(Period, clock);
    private CompiledConfiguration _current = CompiledConfiguration.Empty;
    private ConfigurationDocument? _document;
    private ConfigurationDocument? _received;
    private long _rejected;

    public event Action<CompiledConfiguration>? Changed;

    /// <summary>Raised each time the cluster says that it does not know this silo's file.</summary>
    public event Action? OwnFileUnknown;

    public CompiledConfiguration Current => Volatile.Read(ref _current);

    long IConfigurationVersion.Current => Current.Snapshot.Version;

    public Task ConfigurationChanged(long version)
    {
        _next.Signal();
        return Task.CompletedTask;
    }

    /// <summary>What this silo was given last, whether or not it is compiled yet, or can be.</summary>
    /// <param name="knownVersion">Version that the caller has.</param>
    public FollowedConfiguration Followed(long knownVersion)
    {
        var received = Volatile.Read(ref _received);
        return new FollowedConfiguration(received?.Version ?? 0, received?.Version > knownVersion ? received : null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        IConfigObserver? reference = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                reference ??= grains.CreateObjectReference<IConfigObserver>(this);
                await Follow(grains.GetGrain<IConfigGrain>(IConfigGrain.Key), reference);
            }
            catch (Exception exception) when (IsExpected(exception))
            {
                LogNotReached(logger, exception.Message);
            }

            await _next.Wait(stoppingToken);
        }
    }

    /// <summary>A version that this silo cannot compile (it was accepted by a newer build) is not asked for again.</summary>
    private long Known => Math.Max(Current.Snapshot.Version, _rejected);

    private async Task Follow(IConfigGrain grain, IConfigObserver reference)
    {
        var reply = await grain.Follow(reference, silo.Value.SiloName, Known);
        if (reply.Newer is { } document)
            Apply(document);
        else if (_document is { } own && reply.Version < own.Version)
            await grain.Restore(own);
        if (!reply.KnowsFile)
            OwnFileUnknown?.Invoke();
    }

    private void Apply(ConfigurationDocument document)
    {
        Volatile.Write(ref _received, document);
        var result = compiler.Compile(document.ToPackage());
        if (result.Configuration is not { } compiled)
        {
            _rejected = document.Version;
            foreach (var error in result.Errors)
                LogCannotCompile(logger, document.Version, error);
            return;
        }

        _document = document;
        Volatile.Write(ref _current, compiled);
        metrics.Follows(document.Version);
        LogFollows(logger, document.Version, compiled.Routes.Count, compiled.Snapshot.Pools.Count);
        Changed.Notify(compiled, (handler, exception) => LogHandlerFailed(logger, exception, document.Version, handler));
    }

    /// <summary>What calls throw while silos die, join or restart, and what a damaged message is; anything else is a defect.</summary>
    private static bool IsExpected(Exception exception) =>
        exception is OrleansException or TimeoutException or OperationCanceledException or InvalidDataException or ObjectDisposedException;
}
