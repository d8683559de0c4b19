using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;

namespace OrleansLb.Grains.Frontends;

/// <summary>The list of live front-ends. Holds nothing that their grains do not repeat within a quarter of a second.</summary>
[GrainType("frontend-directory"), KeepAlive]
internal sealed class FrontendDirectoryGrain([FromKeyedServices(Clocks.Key)] TimeProvider clock) : Grain, IFrontendDirectoryGrain
{
    /// <summary>
    /// How long an entry lives without being repeated. Longer than a silo takes to be declared dead, so that the death of the silo
    /// that carries a front-end's grain does not make a living front-end vanish.
    /// </summary>
    private static readonly TimeSpan EntryLifetime = TimeSpan.FromSeconds(5);

    /// <summary>By then every living front-end has registered again with a directory that started empty.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (FrontendEntry Entry, long Heard)> _entries = new(StringComparer.Ordinal);
    private readonly long _activated = clock.GetTimestamp();

    public ValueTask Announce(FrontendEntry entry)
    {
        if (!_entries.TryGetValue(entry.FrontendId, out var known) || known.Entry.Incarnation <= entry.Incarnation)
            _entries[entry.FrontendId] = (entry, clock.GetTimestamp());
        return default;
    }

    public ValueTask Remove(string frontendId, long incarnation)
    {
        if (_entries.TryGetValue(frontendId, out var known) && known.Entry.Incarnation == incarnation)
            _entries.Remove(frontendId);
        return default;
    }

    public ValueTask<FrontendList> List()
    {
        foreach (var (id, (_, heard)) in _entries)
        {
            if (clock.GetElapsedTime(heard) > EntryLifetime)
                _entries.Remove(id);
        }

        return new(new FrontendList(
            [.. _entries.Values.Select(static value => value.Entry)],
            clock.GetElapsedTime(_activated) >= SettlingTime));
    }
}
