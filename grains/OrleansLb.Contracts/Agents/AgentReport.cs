namespace OrleansLb.Contracts.Agents;

/// <summary>What an agent says, with its place in the monitor's history, so that a report which was overtaken on the way is recognised.</summary>
/// <param name="BackendKey">Which backend, in which generation.</param>
/// <param name="Epoch">Differs with each activation of the monitor.</param>
/// <param name="Revision">Grows with each answer of one epoch.</param>
/// <param name="State">What holds by the agent's word.</param>
/// <param name="Said">Its last line, as people may see it; empty before the first.</param>
/// <param name="MaxConnections">The <c>maxconn</c> that it named last; <see langword="null"/> for none.</param>
/// <param name="Outcome">How the last question ended, as <c>Answered</c>; empty before the first.</param>
/// <param name="AnsweredAgo">How long ago it answered, when this was sent; <see langword="null"/> for never.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AgentReport")]
public sealed record AgentReport(
    [property: Id(0)] ulong BackendKey,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Revision,
    [property: Id(3)] WireAgentState State,
    [property: Id(4)] string Said,
    [property: Id(5)] int? MaxConnections,
    [property: Id(6)] string Outcome,
    [property: Id(7)] TimeSpan? AnsweredAgo);
