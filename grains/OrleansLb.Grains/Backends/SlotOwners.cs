using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;
using OrleansLb.Grains.Frontends;
using OrleansLb.Grains.RateLimits;

namespace OrleansLb.Grains.Backends;

/// <summary>Who may hold slots: the registered front-ends, and whether nobody else can.</summary>
internal sealed class SlotOwners(FrontendDirectoryFollower directory, SiloHistory silos, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    /// <summary>
    /// Who left the directory that long ago holds nothing: a pool serves it no more as soon as its silo has looked there again, and what it had
    /// ends a lease later.
    /// </summary>
    private static readonly TimeSpan Horizon = SlotLease.Ttl + TimeSpan.FromSeconds(1);

    /// <summary>Whether an incarnation is registered, as far as this silo knows.</summary>
    public bool Knows(string frontendId, long incarnation) => directory.Knows(frontendId, incarnation);

    /// <summary>Who is registered, and whether nobody else can hold slots; both by one list.</summary>
    /// <param name="since">When the activation began that wants to know; the list must be newer.</param>
    /// <param name="needsEverybody">Whether the second is asked for; else it is not looked into.</param>
    /// <returns><see langword="null"/> while the directory has not heard of everybody.</returns>
    public async Task<(IReadOnlyCollection<SlotOwner> Registered, bool IsEverybody)?> Look(TimeSpan since, bool needsEverybody)
    {
        if (directory.Current is not { List: { HasEverybodyServed: true } list } current)
            return null;
        var registered = list.Carriers.Select(static entry => new SlotOwner(entry.FrontendId, entry.Incarnation)).ToArray();
        return (registered, needsEverybody && clock.GetElapsedTime(0, current.AskedAt) >= since && await IsEverybody(list));
    }

    private async Task<bool> IsEverybody(FrontendList list) =>
        list.Departures.All(static departure => departure.Ago >= Horizon)
        && (list.KnownFor >= Horizon || await silos.IsNothingForgotten(Horizon, list.KnownFor));
}
