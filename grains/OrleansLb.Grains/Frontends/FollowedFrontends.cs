using System.Collections.Frozen;
using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Grains.Frontends;

/// <summary>A copy of the directory.</summary>
/// <param name="List">What it said.</param>
/// <param name="AskedAt">Timestamp from which its ages count.</param>
internal sealed record FollowedFrontends(FrontendList List, long AskedAt)
{
    /// <summary>Incarnation of each live front-end.</summary>
    public FrozenDictionary<string, long> Incarnations { get; } =
        List.Entries.ToFrozenDictionary(static entry => entry.FrontendId, static entry => entry.Incarnation, StringComparer.Ordinal);
}
