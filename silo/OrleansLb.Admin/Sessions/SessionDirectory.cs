using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Admin.Sessions;

/// <summary>The learned sessions of a pool, over all of its ranges.</summary>
internal sealed class SessionDirectory(IGrainFactory grains, IConfigurationView configuration, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A range that nobody used begins when it is asked, and then asks the front-ends.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    /// <summary>The key of what a session is called; <see langword="null"/> when that is no address in a pool that goes by them.</summary>
    public SessionKey? KeyOf(PoolDefinition pool, string value)
    {
        var hasher = new SessionHasher(configuration.Current.Snapshot.Keys.SessionSecret.AsSpan(), pool.Id);
        if (pool.Session!.Source != SessionSourceNames.ClientIp)
            return hasher.Of(value);
        return IPAddress.TryParse(value, out var address) ? hasher.Of(address, pool.Session.IPv6PrefixLength) : null;
    }

    public async Task<List<SessionSummary>> List(PoolDefinition pool, SessionKey? after, int limit)
    {
        var page = new List<SessionSummary>();
        SessionId? last = after is { } key ? IdOf(key) : null;
        for (var range = after?.Range ?? 0; range < SessionKey.RangeCount && page.Count < limit; range++)
        {
            var wanted = limit - page.Count;
            var sessions = await WhenReady(() => RangeOf(pool, range).Page(last, wanted));
            page.AddRange(sessions.Select(session => Summary(pool, session)));
        }

        return page;
    }

    public async Task<SessionSummary?> Find(PoolDefinition pool, SessionKey key) =>
        Summary(pool, await WhenReady(() => RangeOf(pool, key.Range).Find(IdOf(key))));

    public async Task<SessionSummary?> Move(PoolDefinition pool, SessionKey key, BackendDefinition backend) =>
        Summary(pool, await WhenReady(() => RangeOf(pool, key.Range).Move(IdOf(key), backend.Key.Value)));

    public async Task<SessionSummary?> Revoke(PoolDefinition pool, SessionKey key) =>
        Summary(pool, await WhenReady(() => RangeOf(pool, key.Range).Revoke(IdOf(key))));

    private async Task<T> WhenReady<T>(Func<ValueTask<T?>> ask) where T : class
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            if (clock.GetElapsedTime(began) >= LongestWait)
                throw new TimeoutException("The range of the session does not know yet what belongs to it.");
            await Task.Delay(Pause, clock);
        }
    }

    private ISessionGrain RangeOf(PoolDefinition pool, int range) => grains.GetGrain<ISessionGrain>(ISessionGrain.KeyOf(pool.Id, range));

    private static SessionId IdOf(SessionKey key) => new(key.High, key.Low);

    private static SessionSummary? Summary(PoolDefinition pool, SessionFinding finding) => finding.Session is { } session ? Summary(pool, session) : null;

    private static SessionSummary Summary(PoolDefinition pool, WireSession session) => new(
        new SessionKey(session.Session.High, session.Session.Low).ToString(),
        pool.Backends.FirstOrDefault(backend => backend.Key.Value == session.Backend)?.Id,
        session.Epoch.ToString(CultureInfo.InvariantCulture),
        session.Idle.TotalSeconds);
}
