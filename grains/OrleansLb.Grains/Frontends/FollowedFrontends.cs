using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Grains.Frontends;

/// <summary>A copy of the directory.</summary>
/// <param name="List">What it said.</param>
/// <param name="AskedAt">Timestamp from which its ages count.</param>
internal sealed record FollowedFrontends(FrontendList List, long AskedAt)
{
    /// <summary>Whether another copy is to be preferred.</summary>
    public bool IsOlderThan(FollowedFrontends other) => List.Version.Directory == other.List.Version.Directory
        ? (List.Version.Number, AskedAt).CompareTo((other.List.Version.Number, other.AskedAt)) < 0
        : AskedAt < other.AskedAt;

    /// <summary>Incarnation of each live front-end that every silo knows.</summary>
    public FrozenDictionary<string, long> Incarnations { get; } =
        List.Entries.Where(static entry => entry.IsKnownEverywhere).ToFrozenDictionary(static entry => entry.FrontendId, static entry => entry.Incarnation, StringComparer.Ordinal);

    /// <summary>
    /// Front-ends that said goodbye and are not back, so that they serve nothing any more. One that is merely not listed may have been
    /// forgotten by a directory that lost its silo.
    /// </summary>
    public ImmutableArray<string> SaidGoodbye { get; } =
    [
        .. List.Departures.Select(static departure => departure.FrontendId).Distinct()
            .Except(List.Departures.Where(static departure => departure.MayBeAlive).Select(static departure => departure.FrontendId))
            .Except(List.Entries.Select(static entry => entry.FrontendId)),
    ];
}
