namespace OrleansLb.Probes;

/// <summary>Asks in one way. How long it may take and what an exception means is decided by <see cref="Prober"/>.</summary>
/// <typeparam name="TTarget">What it asks.</typeparam>
internal interface IProbe<in TTarget>
    where TTarget : ProbeTarget
{
    ValueTask<ProbeAnswer> Ask(TTarget target, CancellationToken cancellationToken);
}
