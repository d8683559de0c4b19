using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>What follows from one input to a <see cref="HealthMachine"/>.</summary>
/// <param name="Next">The state to go on with. The pool is told whenever its <see cref="HealthState.Verdict"/> differs from the one told last.</param>
/// <param name="Probes">Probes to start now.</param>
/// <param name="Change">The change of state, if there was one.</param>
public readonly record struct HealthStep(HealthState Next, ImmutableArray<ProbeOrder> Probes, HealthChange? Change);
