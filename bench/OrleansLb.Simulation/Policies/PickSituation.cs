using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Simulation.Policies;

/// <summary>What a front-end knows when it picks; and, for policies that show what would be possible, what nobody can know.</summary>
public readonly ref struct PickSituation
{
    /// <summary>The machines' time.</summary>
    public required TimeSpan Now { get; init; }

    /// <summary>What the other front-ends had in flight, as the shipped machine heard it.</summary>
    public required ForeignLoad View { get; init; }

    /// <summary>Requests of this front-end in flight, per backend.</summary>
    public required ReadOnlySpan<int> Own { get; init; }

    /// <summary>Per backend the requests that it failed this front-end of late, each for as long as one lasts on average: what fails at once must not look idle.</summary>
    public required ReadOnlySpan<double> Failures { get; init; }

    /// <summary>Who comes into question.</summary>
    public required Candidates Candidates { get; init; }

    /// <summary>Key of the request, for policies that hash; every key is asked for once.</summary>
    public required ulong Key { get; init; }

    /// <summary>Requests of all front-ends in flight at this moment.</summary>
    public required ReadOnlySpan<int> InFlight { get; init; }
}
