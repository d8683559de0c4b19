namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>One question that is measured.</summary>
internal interface IScenario
{
    /// <summary>As the command line calls it.</summary>
    string Name { get; }

    /// <summary>What must be installed for it, beside those who are compared.</summary>
    IReadOnlyList<Need> Needs => [];

    /// <summary>Measures.</summary>
    /// <param name="effort">Who, and for how long.</param>
    /// <param name="cancellation">Ends it, and every process that it started.</param>
    Task<Finding> Run(Effort effort, CancellationToken cancellation);
}
