namespace OrleansLb.Contracts.Backends;

/// <summary>What an administrator decided about a backend, on the wire and in storage. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireAdminState")]
public enum WireAdminState
{
    /// <summary>In service as far as the administrator is concerned.</summary>
    Active = 0,

    /// <summary>Finishes what it has and takes no new session.</summary>
    Draining = 1,

    /// <summary>No traffic at all.</summary>
    Maintenance = 2,
}
