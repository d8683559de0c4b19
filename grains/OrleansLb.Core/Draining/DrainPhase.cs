namespace OrleansLb.Core.Draining;

/// <summary>How far a draining backend is on its way out of service.</summary>
public enum DrainPhase
{
    /// <summary>New sessions go elsewhere; those that are bound to it still come, and what is in flight goes on.</summary>
    Finishing,

    /// <summary>Its sessions go elsewhere too; what is in flight ends, or is cut off when the time to drain is over.</summary>
    Closing,

    /// <summary>Nothing is in flight at any front-end and nothing comes any more: it may be stopped.</summary>
    Drained,
}
