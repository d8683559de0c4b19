namespace OrleansLb.Contracts.Health;

/// <summary>A verdict with its place in the monitor's history, so that one which was overtaken on the way is recognised.</summary>
/// <param name="BackendKey">Which backend, in which generation.</param>
/// <param name="Epoch">Differs with each activation of the monitor.</param>
/// <param name="Revision">Grows with each verdict of one epoch.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why, in a few words for people.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.VerdictReport")]
public sealed record VerdictReport(
    [property: Id(0)] ulong BackendKey,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Revision,
    [property: Id(3)] WireVerdict Verdict,
    [property: Id(4)] string Reason);
