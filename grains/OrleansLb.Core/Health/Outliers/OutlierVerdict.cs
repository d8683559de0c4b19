namespace OrleansLb.Core.Health.Outliers;

/// <summary>What the requests of all front-ends say of one backend.</summary>
/// <param name="Ejection">The ejection in force, if there is one.</param>
/// <param name="Slow">Answers come so late that it gets a reduced share.</param>
public readonly record struct OutlierVerdict(Ejection? Ejection, bool Slow)
{
    /// <summary>Nothing against the backend.</summary>
    public static OutlierVerdict None => default;
}
