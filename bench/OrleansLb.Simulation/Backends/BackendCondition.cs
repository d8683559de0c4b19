namespace OrleansLb.Simulation.Backends;

internal enum BackendCondition
{
    /// <summary>It serves.</summary>
    Serving,

    /// <summary>Whatever is sent to it fails at once.</summary>
    Failing,

    /// <summary>Whatever is sent to it stays there.</summary>
    Hanging,
}
