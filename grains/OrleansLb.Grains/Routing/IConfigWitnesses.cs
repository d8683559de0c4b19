namespace OrleansLb.Grains.Routing;

/// <summary>All silos as witnesses of what was in force.</summary>
internal interface IConfigWitnesses
{
    /// <summary>Asks every active silo what it follows.</summary>
    /// <param name="knownVersion">Version that the caller has; newer ones are sent along.</param>
    Task<WitnessedConfiguration> Ask(long knownVersion);
}
