namespace OrleansLb.Core.Health;

/// <summary>What made a backend's state change.</summary>
public enum StateChangeCause
{
    /// <summary>An administrator's word, or the drain that follows from it.</summary>
    Admin,

    /// <summary>Active probes, second opinions among them.</summary>
    ActiveProbe,

    /// <summary>An agent beside the backend.</summary>
    Agent,

    /// <summary>Outcomes of requests, over all front-ends.</summary>
    Outlier,

    /// <summary>The pool began or ended to admit what it had removed, because too little of it was left.</summary>
    Panic,

    /// <summary>The backend joined or left the pool.</summary>
    Configuration,

    /// <summary>The circuit to the backend was broken or mended, over all front-ends.</summary>
    Circuit,
}
