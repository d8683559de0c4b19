using OrleansLb.Contracts.Events;

namespace OrleansLb.Grains.Events;

/// <summary>Tells which silos join and leave. Each tells of its own arrival; of a departure the first of those that remain tells.</summary>
internal sealed class SiloWatcher(ISiloStatusOracle silos, EventPublisher events) : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SiloWatcher), ServiceLifecycleStage.Active, Start, Stop);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead || updatedSilo.Equals(silos.SiloAddress) || !IsFirst())
            return;
        var name = silos.TryGetSiloName(updatedSilo, out var known) ? known : updatedSilo.ToString();
        events.Publish(new ClusterEvent { Kind = ClusterEventKind.SiloLeft, SiloName = name, Detail = $"silo {name} at {updatedSilo.Endpoint} is gone" });
    }

    private Task Start(CancellationToken cancellationToken)
    {
        silos.SubscribeToSiloStatusEvents(this);
        events.Publish(new ClusterEvent
        {
            Kind = ClusterEventKind.SiloJoined,
            SiloName = silos.SiloName,
            Detail = $"silo {silos.SiloName} joined at {silos.SiloAddress.Endpoint}",
        });
        return Task.CompletedTask;
    }

    private Task Stop(CancellationToken cancellationToken)
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    private bool IsFirst() => silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Min()?.Equals(silos.SiloAddress) ?? false;
}
