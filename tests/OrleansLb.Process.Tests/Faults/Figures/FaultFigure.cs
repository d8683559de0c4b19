namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>What was seen of one fault, beside what was asked for.</summary>
/// <param name="Row">Its row of the matrix, one of <see cref="FaultRows"/>.</param>
/// <param name="Fault">What was done, as <c>kill -9 of one silo of three</c>.</param>
/// <param name="Figure">What was measured, as <c>longest until counts are right, worst of 10</c>.</param>
/// <param name="Seen">The value with its unit.</param>
/// <param name="Bar">The value that is asked for.</param>
/// <param name="Promise">What is promised to users beyond that; <c>-</c> for nothing.</param>
internal sealed record FaultFigure(string Row, string Fault, string Figure, string Seen, string Bar, string Promise);
