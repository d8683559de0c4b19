using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Diagnostics;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.Sessions;

/// <summary>Gives the machine of one range its time, its pool's settings and what the front-ends know of it.</summary>
[GrainType("session"), KeepAlive]
internal sealed partial class SessionGrain(
    IConfigurationView configuration,
    FrontendDirectoryFollower frontends,
    SessionRestorer restorer,
    SessionPusher pusher,
    SessionMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<SessionGrain> logger) : Grain, ISessionGrain, IDisposable
{
    private const int MostPerPage = 1_000;

    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly long _origin = clock.GetTimestamp();
    private readonly CancellationTokenSource _stopping = new();
    private SessionTable? _table;
    private SessionDefinition? _settings;
    private bool _isRestoring;
    private bool _isPushing;
    private long _pushed;
    private SessionTally _tally;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TickPeriod, TickPeriod) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        Report(_table, count: 0);
    }

    public void Dispose() => _stopping.Dispose();

    public async ValueTask<SessionReply?> Bind(SessionRequest request)
    {
        if (!await frontends.IsRegistered(request.FrontendId, request.Incarnation) || Ready(request.Epoch) is not { } table)
            return null;
        var verdict = table.Bind(request.ToCore(), Now);
        metrics.Bound(PoolId, verdict.Outcome);
        PushChanges();
        return verdict.ToWire(configuration.Current.Snapshot.Version);
    }

    public async ValueTask<SessionChange?> Look(SessionLook request) =>
        await frontends.IsRegistered(request.FrontendId, request.Incarnation) && Ready(request.Epoch) is { } table
            ? table.ChangesSince(request.Seen).ToWire(PoolId, Range)
            : null;

    public ValueTask<WireSession[]?> Page(SessionId? after, int most)
    {
        if (Ready(0) is not { } table)
            return new((WireSession[]?)null);
        table.Tick(Now);
        return new(Array.ConvertAll(table.Page(after?.ToCore(), Math.Clamp(most, 1, MostPerPage), Now), static row => row.ToWire()));
    }

    public ValueTask<SessionFinding?> Find(SessionId session) => new(Ready(0) is { } table ? Finding(table, session) : null);

    public ValueTask<SessionFinding?> Move(SessionId session, ulong backend)
    {
        if (Ready(0) is not { } table || backend == 0)
            return new((SessionFinding?)null);
        table.Move(session.ToCore(), new BackendKey(backend), Now);
        PushChanges();
        return new(Finding(table, session));
    }

    public ValueTask<SessionFinding?> Revoke(SessionId session)
    {
        if (Ready(0) is not { } table)
            return new((SessionFinding?)null);
        var before = Finding(table, session);
        table.Revoke(session.ToCore(), Now);
        PushChanges();
        return new(before);
    }

    private string PoolId => this.GetPrimaryKeyString() is var key ? key[..key.LastIndexOf('/')] : "";

    private int Range => this.GetPrimaryKeyString() is var key ? int.Parse(key.AsSpan(key.LastIndexOf('/') + 1), CultureInfo.InvariantCulture) : 0;

    private TimeSpan Now => clock.GetElapsedTime(_origin);

    private SessionDefinition? Settings => configuration.Current.Snapshot.Pools.GetValueOrDefault(PoolId)?.Session;

    private SessionFinding Finding(SessionTable table, SessionId session) => new(table.Find(session.ToCore(), Now)?.ToWire());

    /// <summary>The table; <see langword="null"/> while it is not known what belongs into it, which is then being found out.</summary>
    /// <param name="known">Epoch that the caller knows.</param>
    private SessionTable? Ready(long known)
    {
        if (Settings is not { } settings)
            return null;
        if (_table is { } table && known <= table.Epoch)
        {
            Adopt(table, settings);
            return table;
        }

        // There is, or was, a newer activation: what this one knows is not to be trusted.
        Report(_table, count: 0);
        var atLeast = Math.Max(known, _table?.Epoch ?? 0);
        _table = null;
        if (!_isRestoring)
            _ = Restore(settings, atLeast);
        return null;
    }

    private async Task Restore(SessionDefinition settings, long atLeast)
    {
        _isRestoring = true;
        try
        {
            var census = await restorer.TakeCensus(PoolId, Range, atLeast, _stopping.Token);
            _table = new SessionTable(census.Epoch, settings.RangeCapacity, settings.IdleTimeout, census.Recalls, Now);
            (_settings, _pushed) = (settings, _table.Epoch);
            LogStarted(logger, this.GetPrimaryKeyString(), _table.Epoch, census.Recalls.Count, _table.Count);
            PushChanges();
        }
        catch (OperationCanceledException)
        {
            LogStopped(logger, this.GetPrimaryKeyString());
        }
        finally
        {
            _isRestoring = false;
        }
    }

    private void Adopt(SessionTable table, SessionDefinition settings)
    {
        if (settings.Equals(_settings))
            return;
        table.Configure(settings.RangeCapacity, settings.IdleTimeout);
        _settings = settings;
    }

    private Task Tick(CancellationToken cancellationToken)
    {
        if (_table is not { } table)
            return Task.CompletedTask;
        if (Settings is { } settings)
            Adopt(table, settings);
        table.Tick(Now);
        Report(table, table.Count);
        return Task.CompletedTask;
    }

    private void PushChanges()
    {
        if (!_isPushing && _table is { } table && table.Version > _pushed)
            _ = PushUntilAllIsTold();
    }

    private async Task PushUntilAllIsTold()
    {
        _isPushing = true;
        try
        {
            while (_table is { } table && table.Version > _pushed)
            {
                pusher.Push(table.ChangesSince(_pushed).ToWire(PoolId, Range));
                _pushed = table.Version;
                await pusher.Gather();
            }
        }
        finally
        {
            _isPushing = false;
        }
    }

    private void Report(SessionTable? table, int count)
    {
        if (table is null)
            return;
        var next = new SessionTally(count, table.Expired, table.Evicted);
        metrics.Report(PoolId, _tally, next);
        _tally = count == 0 ? default : next;
    }
}
