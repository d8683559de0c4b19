using System.Collections.Immutable;

namespace OrleansLb.Core.Affinity;

/// <summary>The keys of the affinity cookie: all of them open a cookie, one of them seals new ones.</summary>
/// <param name="Keys">Next, current and previous key; at most three.</param>
/// <param name="SigningKeyId">Id of the key that seals new cookies.</param>
public sealed record KeyRing(ImmutableArray<AffinityKey> Keys, string SigningKeyId)
{
    /// <summary>No keys: no cookie can be read or made.</summary>
    public static KeyRing Empty { get; } = new([], "");

    /// <summary>
    /// Random bytes that keys of learned sessions are derived with. They never change, because a session could not be found again after; empty in what a build stored that did
    /// not know them.
    /// </summary>
    public ImmutableArray<byte> SessionSecret { get; init; } = [];
}
