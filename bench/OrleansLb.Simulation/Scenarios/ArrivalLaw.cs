namespace OrleansLb.Simulation.Scenarios;

/// <summary>How requests arrive: Poisson, at a rate that may swing about its mean.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="Factor">Rate during a burst as a multiple of the mean rate, 1 or more.</param>
/// <param name="Share">Share of the time that bursts last, so that <c>Factor x Share</c> is at most 1.</param>
/// <param name="Period">Mean time from burst to burst, in service times.</param>
public sealed record ArrivalLaw(string Name, double Factor, double Share, double Period)
{
    /// <summary>One rate at all times.</summary>
    public static ArrivalLaw Poisson { get; } = new("Poisson", 1, 1, 0);

    /// <summary>Twice the mean rate for two service times in ten on average, three quarters of it in between.</summary>
    public static ArrivalLaw Bursts { get; } = new("bursts", 2, 0.2, 10);

    /// <summary>Whether the rate ever changes.</summary>
    public bool IsSteady => Factor == 1;

    /// <summary>Rate between bursts as a multiple of the mean rate.</summary>
    public double Lull => IsSteady ? 1 : (1 - (Factor * Share)) / (1 - Share);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
