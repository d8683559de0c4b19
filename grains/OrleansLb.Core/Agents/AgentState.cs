namespace OrleansLb.Core.Agents;

/// <summary>
/// What holds of a backend by its agent's word. The agent alone takes back what it said: what an answer does not mention stays, and so does everything while it does not
/// answer. The default is that of an agent which has said nothing.
/// </summary>
/// <param name="WeightPercent">Weight in percent of the configured one, 0 to <see cref="AgentReply.MostPercent"/>; <see langword="null"/> for 100.</param>
/// <param name="Service">What it wants of the service.</param>
/// <param name="IsDown">Whether it says that the backend cannot serve.</param>
/// <param name="MaxConnections">Most requests at once from the whole fleet, in place of what is configured; 0 for no limit, <see langword="null"/> when it said none.</param>
public readonly record struct AgentState(int? WeightPercent, AgentService Service, bool IsDown, int? MaxConnections = null)
{
    /// <summary>Share of the configured weight; 1 while nothing was said.</summary>
    public double WeightFactor => (WeightPercent ?? 100) / 100.0;

    /// <summary>Whether new sessions shall go elsewhere: it drains, or it has no weight, which HAProxy takes for the same.</summary>
    public bool IsDraining => Service == AgentService.Drain || (Service == AgentService.Ready && WeightPercent == 0);

    /// <summary>Whether it is in service as far as the agent decides that, so that a panic may count on it.</summary>
    public bool IsInService => Service == AgentService.Ready && !IsDraining;

    /// <summary>What holds after an answer.</summary>
    /// <param name="reply">The answer.</param>
    public AgentState After(in AgentReply reply) => new(
        reply.WeightPercent ?? WeightPercent, reply.Service ?? Service, reply.IsDown ?? IsDown, reply.MaxConnections ?? MaxConnections);
}
