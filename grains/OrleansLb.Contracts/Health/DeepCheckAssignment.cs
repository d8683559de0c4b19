namespace OrleansLb.Contracts.Health;

/// <summary>The deep check that a pool wants of a backend's monitor.</summary>
/// <param name="Probe">What to probe.</param>
/// <param name="Interval">Time between two deep checks.</param>
/// <param name="UnhealthyThreshold">Failures in a row that degrade the backend.</param>
/// <param name="HealthyThreshold">Successes in a row that restore its share.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.DeepCheckAssignment")]
public sealed record DeepCheckAssignment(
    [property: Id(0)] ProbeRequest Probe,
    [property: Id(1)] TimeSpan Interval,
    [property: Id(2)] int UnhealthyThreshold,
    [property: Id(3)] int HealthyThreshold);
