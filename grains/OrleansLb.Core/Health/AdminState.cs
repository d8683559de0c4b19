namespace OrleansLb.Core.Health;

/// <summary>What an administrator decided about a backend; stands above all evidence.</summary>
public enum AdminState
{
    /// <summary>In service as far as the administrator is concerned.</summary>
    Active,

    /// <summary>Finishes what it has: pinned sessions stay, new ones go elsewhere.</summary>
    Draining,

    /// <summary>No traffic at all.</summary>
    Maintenance,
}
