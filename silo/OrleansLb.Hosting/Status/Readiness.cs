namespace OrleansLb.Hosting.Status;

/// <summary>Outcome of a <see cref="IReadinessCheck"/>.</summary>
/// <param name="IsReady">Whether the condition holds.</param>
/// <param name="Detail">A few words for the operator: what holds, or what is missing.</param>
public readonly record struct Readiness(bool IsReady, string Detail)
{
    /// <summary>The condition holds.</summary>
    /// <param name="detail">What holds.</param>
    public static Readiness Ready(string detail) => new(true, detail);

    /// <summary>The condition does not hold.</summary>
    /// <param name="detail">What is missing.</param>
    public static Readiness NotReady(string detail) => new(false, detail);
}
