namespace OrleansLb.Simulation.Scenarios;

/// <summary>What can fail in a scenario, and come back.</summary>
public enum FailureKind
{
    /// <summary>A front-end: its requests are lost to it, though backends go on serving them, and its clients go to the others.</summary>
    Frontend,

    /// <summary>The pool: what is sent to it is lost, and it comes back knowing nothing of the load.</summary>
    Pool,

    /// <summary>A backend dies: its requests fail, and each that is sent to it fails at once.</summary>
    BackendDies,

    /// <summary>A backend hangs: nothing that it has or gets is answered, until front-ends lose patience or it is started anew.</summary>
    BackendHangs,

    /// <summary>A backend takes longer for each request that it begins. Probes do not find anything wrong with it.</summary>
    BackendSlows,
}
