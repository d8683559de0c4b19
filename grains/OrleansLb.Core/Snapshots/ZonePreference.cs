namespace OrleansLb.Core.Snapshots;

/// <summary>What a front-end makes of the zones of backends.</summary>
public enum ZonePreference
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Within each tier, backends of the front-end's own zone come first, and the others as far as these fall short.</summary>
    Prefer,
}
