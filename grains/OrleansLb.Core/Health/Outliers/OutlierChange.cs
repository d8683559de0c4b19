namespace OrleansLb.Core.Health.Outliers;

/// <summary>One decision of an <see cref="OutlierMachine"/>.</summary>
/// <param name="Key">The backend.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Verdict">What holds from now on.</param>
/// <param name="Evidence">The numbers behind an ejection or a slowing down; meaningless otherwise.</param>
public readonly record struct OutlierChange(BackendKey Key, OutlierChangeKind Kind, OutlierVerdict Verdict, OutlierEvidence Evidence);
