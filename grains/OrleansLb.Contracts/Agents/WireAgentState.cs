namespace OrleansLb.Contracts.Agents;

/// <summary>What holds of a backend by its agent's word.</summary>
/// <param name="WeightPercent">Weight in percent of the configured one; <see langword="null"/> when it said none.</param>
/// <param name="Service">What it wants of the service.</param>
/// <param name="IsDown">Whether it says that the backend cannot serve.</param>
/// <param name="MaxConnections">
/// Most requests at once from the whole fleet; 0 for no limit, <see langword="null"/> when it said none, and from senders that do not enforce it.
/// </param>
[GenerateSerializer, Immutable, Alias("OrleansLb.WireAgentState")]
public sealed record WireAgentState(
    [property: Id(0)] int? WeightPercent,
    [property: Id(1)] WireAgentService Service,
    [property: Id(2)] bool IsDown,
    [property: Id(3)] int? MaxConnections = null);
