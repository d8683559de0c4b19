using System.CommandLine;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>What an executable says about itself.</summary>
public sealed record ProcessDescription
{
    /// <summary>Name to type, shown in help and before errors.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence or two.</summary>
    public required string Summary { get; init; }

    /// <summary>Command lines worth copying, without the name, each with what it does.</summary>
    public IReadOnlyList<(string Arguments, string Effect)> Examples { get; init; } = [];

    /// <summary>Values of configuration keys that hold unless a file, the environment or the command line says otherwise.</summary>
    public IReadOnlyDictionary<string, string?> Defaults { get; init; } = new Dictionary<string, string?>();

    /// <summary>Subcommands beside running the process itself.</summary>
    public IReadOnlyList<Command> Commands { get; init; } = [];
}
