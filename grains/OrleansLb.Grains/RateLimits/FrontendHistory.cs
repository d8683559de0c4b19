namespace OrleansLb.Grains.RateLimits;

/// <summary>How much of the front-ends that may have used a range is known.</summary>
internal enum FrontendHistory
{
    /// <summary>Somebody may have been forgotten.</summary>
    Incomplete,

    /// <summary>Nobody was forgotten, but not everybody may have registered yet.</summary>
    Settling,

    /// <summary>All that may matter are in the list.</summary>
    Complete,
}
