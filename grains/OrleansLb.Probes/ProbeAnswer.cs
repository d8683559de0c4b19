using OrleansLb.Core.Health;

namespace OrleansLb.Probes;

/// <summary>What a probe heard.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Status">Status received, 0 for none.</param>
internal readonly record struct ProbeAnswer(ProbeOutcomeKind Kind, int Status = 0)
{
    public static ProbeAnswer Success => new(ProbeOutcomeKind.Success);
}
