namespace OrleansLb.Contracts.Sessions;

/// <summary>What a range has of a session.</summary>
/// <param name="Session">The session; <see langword="null"/> when it is not bound.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionFinding")]
public sealed record SessionFinding([property: Id(0)] WireSession? Session);
