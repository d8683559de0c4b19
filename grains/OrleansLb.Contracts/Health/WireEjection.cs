namespace OrleansLb.Contracts.Health;

/// <summary>A backend is out for a time because of what came of its requests.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Count">How often it was ejected lately, this time included.</param>
/// <param name="Left">How much longer, from when this was sent.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.WireEjection")]
public sealed record WireEjection(
    [property: Id(0)] WireOutlierCause Cause,
    [property: Id(1)] int Count,
    [property: Id(2)] TimeSpan Left);
