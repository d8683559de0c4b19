namespace OrleansLb.Contracts.Sessions;

/// <summary>One session and its binding.</summary>
/// <param name="Session">The session.</param>
/// <param name="Backend">Key of its backend; 0 when the binding was revoked.</param>
/// <param name="Epoch">Number of the binding: the higher one is in force; 0 for what a front-end decided alone.</param>
/// <param name="Idle">Time since whoever tells it last saw it used.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.WireSession")]
public readonly record struct WireSession(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] ulong Backend,
    [property: Id(2)] long Epoch,
    [property: Id(3)] TimeSpan Idle);
