using System.Collections.Immutable;

namespace OrleansLb.Core.Acme;

/// <summary>What is to be done about an order.</summary>
/// <param name="Kind">What.</param>
public sealed record OrderStep(OrderStepKind Kind)
{
    /// <summary>The challenges that can be answered.</summary>
    public ImmutableArray<Uri> Challenges { get; init; } = [];

    /// <summary>Why it is given up.</summary>
    public AcmeProblem? Problem { get; init; }
}
