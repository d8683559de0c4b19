using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Draining;

/// <summary>What is known of a draining backend over all live front-ends at one moment.</summary>
/// <param name="IsEmpty">Every live front-end said that it has nothing in flight there, and the pool's totals, which hold all of them, say so too.</param>
/// <param name="IsClosed">Every live front-end said that it sends nothing there any more.</param>
/// <param name="Arrivals">Requests that they have sent there since they started.</param>
public readonly record struct DrainCensus(bool IsEmpty, bool IsClosed, long Arrivals)
{
    /// <summary>Adds up what front-ends said.</summary>
    /// <param name="everybody">Whether <paramref name="answers"/> name every live front-end, and the totals hold every one.</param>
    /// <param name="total">The backend in the pool's totals.</param>
    /// <param name="answers">One for each live front-end, silent ones among them.</param>
    public static DrainCensus Of(bool everybody, in LoadEntry total, IReadOnlyCollection<FrontendDrain> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return new DrainCensus(
            everybody && total.IsZero && answers.All(static answer => answer.IsEmpty),
            everybody && answers.All(static answer => answer.Answered && answer.IsClosed),
            answers.Aggregate(0L, static (sum, answer) => unchecked(sum + answer.Arrivals)));
    }
}
