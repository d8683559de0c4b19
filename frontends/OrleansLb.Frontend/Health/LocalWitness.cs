using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Probes;

namespace OrleansLb.Frontend.Health;

/// <summary>A front-end on its own has nobody to ask but its own traffic.</summary>
internal sealed class LocalWitness(BackendSlot slot, TimeProvider clock) : IHealthWitnesses
{
    public ValueTask<ProbeOutcome?> ProbeElsewhere(ProbeTarget target, CancellationToken cancellationToken) => new((ProbeOutcome?)null);

    public ValueTask<TimeSpan?> LastAnswer(CancellationToken cancellationToken) => new(clock.GetElapsedTime(0) - slot.LastAnswer);
}
