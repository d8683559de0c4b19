using OrleansLb.Core.Agents;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Concurrency;

/// <summary>How many slots a backend has: what its agent says, as HAProxy's server has the <c>maxconn</c> that its agent says, and otherwise what is configured.</summary>
public static class SlotLimit
{
    /// <summary>More than any fleet has requests: what a pool divides at a backend without a limit.</summary>
    public const int Most = 1_000_000_000;

    /// <summary>What a limit that adapts may reach where nothing else is configured: Envoy's <c>max_concurrency_limit</c>.</summary>
    public const int MostOfAdaptive = 1000;

    /// <summary>The limit of one backend; where limits adapt, what its own may not exceed.</summary>
    /// <param name="definition">What is configured.</param>
    /// <param name="agent">What holds by the backend's agent.</param>
    /// <returns>1 to <see cref="Most"/>; <see langword="null"/> for no limit.</returns>
    public static int? Of(ConcurrencyDefinition definition, in AgentState agent)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return agent.MaxConnections switch
        {
            null => definition.MaxRequestsPerBackend,
            <= 0 => definition.Adaptive is null ? null : Most,
            { } said => Math.Min(said, Most),
        };
    }
}
