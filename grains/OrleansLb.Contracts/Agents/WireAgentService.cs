namespace OrleansLb.Contracts.Agents;

/// <summary>What an agent wants of its backend's service, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireAgentService")]
public enum WireAgentService
{
    /// <summary>It serves.</summary>
    Ready = 0,

    /// <summary>Its sessions stay, new ones go elsewhere.</summary>
    Drain = 1,

    /// <summary>No traffic at all.</summary>
    Maintenance = 2,
}
