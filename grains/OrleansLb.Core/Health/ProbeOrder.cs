namespace OrleansLb.Core.Health;

/// <summary>A probe that the machine wants run now; its outcome comes back under the same id.</summary>
/// <param name="Id">Grows with each probe of one monitor.</param>
/// <param name="FromOtherSilo">
/// <see langword="false"/>: from the monitor's own silo. <see langword="true"/>: from any other one; when the cluster has no other,
/// answer with <see cref="HealthMachine.NoOtherSilo"/>.
/// </param>
/// <param name="Deep">Whether it is the deep check, which only the own silo runs.</param>
public readonly record struct ProbeOrder(long Id, bool FromOtherSilo, bool Deep = false);
