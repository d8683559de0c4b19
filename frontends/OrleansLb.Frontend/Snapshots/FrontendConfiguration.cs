using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>
/// What this front-end serves. It starts from the snapshot on disk, without a silo; once a silo names a newer version it fetches and
/// compiles that, gives it to the pools first and to everybody else after, and writes it to disk, as soon as
/// the disk takes it.
/// </summary>
internal sealed partial class FrontendConfiguration(
    FrontendIdentity identity,
    IClusterLink link,
    ClusterContact contact,
    ConfigurationCompiler compiler,
    PoolTable pools,
    SnapshotFile file,
    SnapshotMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<FrontendConfiguration> logger) : BackgroundService, IServedConfiguration, IConfigurationView
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteAgainPeriod = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _offers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private CompiledConfiguration _current = CompiledConfiguration.Empty;
    private long _offered;
    private long _rejected;
    private SnapshotContent? _unwritten;
    private bool _loaded;

    public event Action<CompiledConfiguration>? Changed;

    public CompiledConfiguration Current => Volatile.Read(ref _current);

    public long Version => Current.Snapshot.Version;

    public void Offer(long version)
    {
        if (version <= Math.Max(Version, Volatile.Read(ref _rejected)))
            return;
        Volatile.Write(ref _offered, version);
        _offers.Writer.TryWrite(true);
    }

    /// <summary>Takes the snapshot on disk, once and before anything else: listeners must not open with nothing to serve.</summary>
    public void Load()
    {
        if (_loaded)
            return;
        _loaded = true;
        if (Stored() is not { } content)
            return;
        var result = Compile(content.ToPackage());
        if (result.Configuration is { } compiled)
        {
            Apply(compiled);
            LogStartedFromSnapshot(logger, content.Version, compiled.Routes.Count, compiled.Snapshot.Pools.Count);
        }
        else
        {
            file.Reject(string.Join("; ", result.Errors));
        }
    }

    /// <summary>An earlier build was given keys for limits too, and left them on disk.</summary>
    private SnapshotContent? Stored()
    {
        var content = file.Read();
        if (!identity.LimitsOnly || content is not { HoldsKeys: true })
            return content;
        content = content.WithoutKeys();
        Keep(content);
        return content;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (await NextOffer(stoppingToken))
        {
            _offers.Reader.TryRead(out _);
            if (await TryFetch())
                continue;
            await Task.Delay(RetryPeriod, clock, stoppingToken);
            Offer(Volatile.Read(ref _offered));
        }
    }

    /// <summary>Waits for an offer. What the disk did not take is meanwhile tried again and again: a full disk is emptied some day.</summary>
    private async Task<bool> NextOffer(CancellationToken stoppingToken)
    {
        var offer = _offers.Reader.WaitToReadAsync(stoppingToken).AsTask();
        while (_unwritten is { } content && await Task.WhenAny(offer, Task.Delay(WriteAgainPeriod, clock, stoppingToken)) != offer)
            Keep(content);
        return await offer;
    }

    private async Task<bool> TryFetch()
    {
        try
        {
            if (link.Grains is not { } grains)
                return false;
            var grain = grains.GetGrain<IConfigGrain>(IConfigGrain.Key);
            var document = await (identity.LimitsOnly ? grain.GetWithoutKeys(Version) : grain.Get(Version));
            contact.Made();
            if (document is not null && document.Version > Version)
                Take(document);
            return true;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotFetched(logger, exception.Message);
            return false;
        }
    }

    private void Take(ConfigurationDocument document)
    {
        var result = Compile(document.ToPackage());
        if (result.Configuration is not { } compiled)
        {
            Volatile.Write(ref _rejected, document.Version);
            foreach (var error in result.Errors)
                LogCannotCompile(logger, document.Version, error);
            return;
        }

        Apply(compiled);
        LogServes(logger, document.Version, compiled.Routes.Count, compiled.Snapshot.Pools.Count);
        Keep(document.ToContent(compiled));
    }

    private void Keep(SnapshotContent content) => _unwritten = file.TryWrite(content) ? null : content;

    private CompilationResult Compile(ConfigurationPackage package)
    {
        try
        {
            return compiler.Compile(package);
        }
        catch (InvalidDataException exception)
        {
            return new CompilationResult(null, [new ConfigurationError("", exception.Message)], []);
        }
    }

    /// <summary>Pools first: YARP must not pick a destination that the pools do not know.</summary>
    private void Apply(CompiledConfiguration compiled)
    {
        void Failed(string handler, Exception exception) => LogHandlerFailed(logger, exception, compiled.Snapshot.Version, handler);
        pools.Apply(compiled.Snapshot, Failed);
        Volatile.Write(ref _current, compiled);
        metrics.Serves(compiled.Snapshot.Version);
        Changed.Notify(compiled, Failed);
    }
}
