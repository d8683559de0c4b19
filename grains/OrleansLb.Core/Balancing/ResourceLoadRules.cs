namespace OrleansLb.Core.Balancing;

/// <summary>How reports of backends about their own load become weights: the parameters of gRFC A58, with its defaults.</summary>
/// <param name="ErrorPenalty">What the share of failed requests adds to the utilisation, as a factor; 0 or more, 0 ignores failures.</param>
/// <param name="Blackout">How long a backend must have reported before it is believed.</param>
/// <param name="Expiry">How long a report is believed; after it the blackout applies anew.</param>
public readonly record struct ResourceLoadRules(double ErrorPenalty, TimeSpan Blackout, TimeSpan Expiry)
{
    /// <summary>Penalty 1, blackout 10 s, expiry 3 min.</summary>
    public static ResourceLoadRules Default { get; } = new(1, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(3));
}
