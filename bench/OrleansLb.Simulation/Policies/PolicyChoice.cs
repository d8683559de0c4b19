namespace OrleansLb.Simulation.Policies;

/// <summary>A policy that runs can be made with.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="Exchanges">Whether it reads what front-ends exchange; without, nothing is sent.</param>
/// <param name="Create">Makes the policy of one front-end.</param>
public sealed record PolicyChoice(string Name, bool Exchanges, Func<PolicySetup, IPickPolicy> Create)
{
    /// <summary>Whether front-ends tell each other how long backends take, too.</summary>
    public bool ExchangesTimes { get; init; }
}
