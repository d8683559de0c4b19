using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;

namespace OrleansLb.Grains.Frontends;

/// <summary>The list of live front-ends, and who departed from it. Its list is repeated to it within a quarter of a second.</summary>
[GrainType("frontend-directory"), KeepAlive]
internal sealed partial class FrontendDirectoryGrain(
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<FrontendDirectoryGrain> logger) : Grain, IFrontendDirectoryGrain
{
    /// <summary>
    /// How long an entry lives without being repeated. Longer than a silo takes to be declared dead, so that the death of the silo
    /// that carries a front-end's grain does not make a living front-end vanish.
    /// </summary>
    private static readonly TimeSpan EntryLifetime = TimeSpan.FromSeconds(5);

    /// <summary>By then every living front-end has registered again with a directory that started empty.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (FrontendEntry Entry, long Heard)> _entries = new(StringComparer.Ordinal);
    private readonly FrontendDepartures _departures = new(clock);
    private readonly long _activated = clock.GetTimestamp();

    public ValueTask Announce(FrontendEntry entry)
    {
        if (_entries.TryGetValue(entry.FrontendId, out var known))
        {
            if (known.Entry.Incarnation > entry.Incarnation)
                return default;
            if (known.Entry.Incarnation < entry.Incarnation)
                _departures.Add(known.Entry, clock.GetElapsedTime(known.Heard), mayBeAlive: false);
        }

        _departures.Returned(entry.FrontendId, entry.Incarnation);
        _entries[entry.FrontendId] = (entry, clock.GetTimestamp());
        return default;
    }

    public ValueTask Remove(string frontendId, long incarnation, bool saidGoodbye)
    {
        if (_entries.TryGetValue(frontendId, out var known) && known.Entry.Incarnation == incarnation)
            Depart(known.Entry, known.Heard, mayBeAlive: !saidGoodbye);
        return default;
    }

    public ValueTask<ForgetOutcome> Forget(string frontendId)
    {
        DepartSilent();
        if (_entries.ContainsKey(frontendId))
            return new(ForgetOutcome.Live);
        LogForgotten(logger, frontendId);
        if (_departures.Forget(frontendId))
            return new(ForgetOutcome.Forgotten);
        // Listed as gone, so that ranges which outlived the directory before this one hear of it.
        _departures.AddGone(frontendId);
        return new(ForgetOutcome.Unknown);
    }

    public ValueTask<FrontendList> List()
    {
        DepartSilent();
        return new(new FrontendList([.. _entries.Values.Select(Aged)], clock.GetElapsedTime(_activated) >= SettlingTime)
        {
            KnownFor = clock.GetElapsedTime(_activated),
            Departures = _departures.List(),
        });
    }

    private void DepartSilent()
    {
        foreach (var (_, (entry, heard)) in _entries)
        {
            if (clock.GetElapsedTime(heard) > EntryLifetime)
                Depart(entry, heard, mayBeAlive: true);
        }
    }

    private void Depart(FrontendEntry entry, long heard, bool mayBeAlive)
    {
        _entries.Remove(entry.FrontendId);
        _departures.Add(entry, clock.GetElapsedTime(heard), mayBeAlive);
    }

    private FrontendEntry Aged((FrontendEntry Entry, long Heard) known) =>
        known.Entry with { SinceProven = known.Entry.SinceProven + clock.GetElapsedTime(known.Heard) };
}
