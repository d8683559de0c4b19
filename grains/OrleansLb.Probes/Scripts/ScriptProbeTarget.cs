using System.Collections.Immutable;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Scripts;

/// <summary>A script and whom it talks to. Its steps are prepared once, when the target is made.</summary>
public sealed record ScriptProbeTarget : ProbeTarget
{
    /// <summary>Prepares a script.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="steps">Steps in their order.</param>
    /// <param name="timeout">Limit of the whole conversation.</param>
    /// <exception cref="FormatException">A step's text has an escape that is none, or its regular expression is none.</exception>
    public ScriptProbeTarget(string host, int port, ImmutableArray<ScriptStep> steps, TimeSpan timeout)
        : base(timeout)
    {
        (Host, Port, Steps) = (host, port, steps);
        Prepared = [.. steps.Select(PreparedStep.Of)];
    }

    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Script;

    /// <summary>Name or address.</summary>
    public string Host { get; }

    /// <summary>Port.</summary>
    public int Port { get; }

    /// <summary>Steps in their order.</summary>
    public ImmutableArray<ScriptStep> Steps { get; }

    internal ImmutableArray<PreparedStep> Prepared { get; }
}
