namespace OrleansLb.Contracts.Health;

/// <summary>How the circuit to a backend stands.</summary>
/// <param name="State">What it carries.</param>
/// <param name="OpenFor">How much longer it carries nothing; zero unless it is open.</param>
/// <param name="IsTried">Whether a trial is under way.</param>
/// <param name="Evidence">Why it changed last, in a few words; empty when it never did where it is kept now.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.CircuitStatus")]
public sealed record CircuitStatus(
    [property: Id(0)] WireCircuitState State,
    [property: Id(1)] TimeSpan OpenFor,
    [property: Id(2)] bool IsTried,
    [property: Id(3)] string Evidence);
