namespace OrleansLb.Contracts.Backends;

/// <summary>What made a backend's state change. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireStateChangeCause")]
public enum WireStateChangeCause
{
    /// <summary>An administrator's word, or the drain that follows from it.</summary>
    Admin = 0,

    /// <summary>Active probes, second opinions among them.</summary>
    ActiveProbe = 1,

    /// <summary>An agent beside the backend.</summary>
    Agent = 2,

    /// <summary>Outcomes of requests, over all front-ends.</summary>
    Outlier = 3,

    /// <summary>The pool began or ended to admit what it had removed, because too little of it was left.</summary>
    Panic = 4,

    /// <summary>The backend joined or left the pool.</summary>
    Configuration = 5,

    /// <summary>The circuit to the backend was broken or mended, over all front-ends.</summary>
    Circuit = 6,
}
