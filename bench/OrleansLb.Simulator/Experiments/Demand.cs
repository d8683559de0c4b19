namespace OrleansLb.Simulator.Experiments;

/// <summary>What is asked for in a scenario.</summary>
internal enum Demand
{
    /// <summary>Nothing: it is there to be seen.</summary>
    None,

    /// <summary>Sharing is at no interval much worse than not sharing.</summary>
    NoHarm,

    /// <summary>That, and it pays at short intervals.</summary>
    Pays,
}
