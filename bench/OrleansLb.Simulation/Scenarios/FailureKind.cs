namespace OrleansLb.Simulation.Scenarios;

/// <summary>What can die in a scenario, and come back.</summary>
public enum FailureKind
{
    /// <summary>A front-end: its requests are lost to it, though backends go on serving them, and its clients go to the others.</summary>
    Frontend,

    /// <summary>The pool: what is sent to it is lost, and it comes back knowing nothing.</summary>
    Pool,
}
