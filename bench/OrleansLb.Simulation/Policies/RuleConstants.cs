using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The constants of cluster-wide least requests that were chosen by measuring: docs/decisions/0001-cluster-least-requests-constants.md.</summary>
/// <param name="ReckoningTime">See <see cref="Outlook.ReckoningTime"/>; above 0.</param>
/// <param name="LeftOut">How much of the request to place does not count, 0 to 1.</param>
public sealed record RuleConstants(double ReckoningTime, double LeftOut)
{
    /// <summary>Those of the product.</summary>
    public static RuleConstants Shipped { get; } = new(Outlook.ReckoningTime, LeastRequestsPicker.LeftOut);
}
