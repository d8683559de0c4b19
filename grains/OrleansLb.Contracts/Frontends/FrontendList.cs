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

    /// <summary>Since when the directory remembers who departed.</summary>
    [Id(2)] public TimeSpan KnownFor { get; init; }

    /// <summary>Incarnations that departed within the last three days; at most a thousand.</summary>
    [Id(3)] public ImmutableArray<FrontendDeparture> Departures { get; init; } = [];
}
