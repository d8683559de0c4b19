using System.Collections.Immutable;

namespace OrleansLb.Contracts.Acme;

/// <summary>The challenges that are open.</summary>
/// <param name="Stamp">Tells these from others.</param>
/// <param name="Answers">What is answered, by the token that is asked for.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeChallenges")]
public sealed record AcmeChallenges(
    [property: Id(0)] string Stamp,
    [property: Id(1)] ImmutableDictionary<string, string> Answers);
