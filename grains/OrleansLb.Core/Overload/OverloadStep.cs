namespace OrleansLb.Core.Overload;

/// <summary>Outcome of one look.</summary>
/// <param name="Next">What to remember.</param>
/// <param name="Collect">Whether to give back what is garbage, now.</param>
public readonly record struct OverloadStep(OverloadState Next, bool Collect);
