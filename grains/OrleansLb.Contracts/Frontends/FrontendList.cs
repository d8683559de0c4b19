using System.Collections.Immutable;

namespace OrleansLb.Contracts.Frontends;

/// <summary>The live front-ends.</summary>
/// <param name="Entries">One entry for each.</param>
/// <param name="Settled">
/// Whether the list has existed for longer than a front-end may be silent: only then does a missing front-end mean a dead one.
/// </param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendList")]
public sealed record FrontendList(
    [property: Id(0)] ImmutableArray<FrontendEntry> Entries,
    [property: Id(1)] bool Settled)
{
    /// <summary>Those that carry traffic: the only ones that pools share load with, ask and tell.</summary>
    public IEnumerable<FrontendEntry> Carriers => Entries.Where(static entry => !entry.LimitsOnly);

    /// <summary>How long back the directory remembers who departed, itself or from what its silo had of the one before.</summary>
    [Id(2)] public TimeSpan KnownFor { get; init; }

    /// <summary>Incarnations that departed within the last three days; at most a thousand.</summary>
    [Id(3)] public ImmutableArray<FrontendDeparture> Departures { get; init; } = [];

    /// <summary>Whether the directory went on from the one before, so that it lacks nobody who was known everywhere then.</summary>
    [Id(4)] public bool IsInherited { get; init; }

    /// <summary>What this list is a copy of.</summary>
    [Id(5)] public FrontendListVersion Version { get; init; }

    /// <summary>Whether every silo has a copy of all of it.</summary>
    [Id(6)] public bool IsKnownEverywhere { get; init; }

    /// <summary>Whether all whom grains have served since <see cref="KnownFor"/> are in it, as entries or as departures.</summary>
    public bool HasEverybodyServed => Settled || IsInherited;
}
