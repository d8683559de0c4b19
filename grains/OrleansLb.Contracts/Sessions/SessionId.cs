namespace OrleansLb.Contracts.Sessions;

/// <summary>A learned session, by the keyed hash of what it is called.</summary>
/// <param name="High">Upper half of the hash.</param>
/// <param name="Low">Lower half of the hash.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionId")]
public readonly record struct SessionId([property: Id(0)] ulong High, [property: Id(1)] ulong Low);
