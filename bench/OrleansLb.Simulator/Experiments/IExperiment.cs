using OrleansLb.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>A question, the runs that answer it and how the answer is written down.</summary>
internal interface IExperiment
{
    /// <summary>The subcommand, and the name of its files.</summary>
    string Name { get; }

    /// <summary>What the subcommand's help says.</summary>
    string Description { get; }

    /// <summary>Runs everything.</summary>
    /// <param name="effort">How long and how often.</param>
    IReadOnlyList<Section> Run(Effort effort);
}
