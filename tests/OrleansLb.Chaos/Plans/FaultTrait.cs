namespace OrleansLb.Chaos.Plans;

/// <summary>What is known of a kind of fault before it happens.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">What commands and pages call it.</param>
/// <param name="Area">Where it is.</param>
/// <param name="Shortest">The shortest time until its cause is taken away.</param>
/// <param name="Longest">The longest.</param>
/// <param name="Bound">How long after that the cluster may take until it is whole again.</param>
public sealed record FaultTrait(FaultKind Kind, string Name, FaultArea Area, TimeSpan Shortest, TimeSpan Longest, TimeSpan Bound)
{
    /// <summary>Every kind, in the order of their names on pages.</summary>
    public static IReadOnlyList<FaultTrait> All { get; } =
    [
        new(FaultKind.KillSilo, "kill-silo", FaultArea.Silo, Seconds(1), Seconds(5), Seconds(20)),
        new(FaultKind.FreezeSilo, "freeze-silo", FaultArea.Silo, Seconds(5), Seconds(10), Seconds(30)),
        new(FaultKind.KillFrontend, "kill-frontend", FaultArea.Frontend, Seconds(0.5), Seconds(3), Seconds(20)),
        new(FaultKind.StopFrontend, "stop-frontend", FaultArea.Frontend, Seconds(0.5), Seconds(3), Seconds(20)),
        new(FaultKind.FreezeFrontend, "freeze-frontend", FaultArea.Frontend, Seconds(2), Seconds(6), Seconds(20)),
        new(FaultKind.KillBackend, "kill-backend", FaultArea.Backend, Seconds(1), Seconds(6), Seconds(20)),
        new(FaultKind.FreezeBackend, "freeze-backend", FaultArea.Backend, Seconds(3), Seconds(8), Seconds(20)),
        new(FaultKind.RestartRedis, "restart-redis", FaultArea.Redis, Seconds(2), Seconds(6), Seconds(20)),
        new(FaultKind.EmptyRedis, "empty-redis", FaultArea.Redis, Seconds(1), Seconds(3), Seconds(30)),
        new(FaultKind.ChangeConfiguration, "change-configuration", FaultArea.Configuration, Seconds(0.5), Seconds(2), Seconds(20)),
        new(FaultKind.Network, "network", FaultArea.Backend, Seconds(2), Seconds(6), Seconds(20)),
    ];

    /// <summary>The trait of a kind.</summary>
    public static FaultTrait Of(FaultKind kind) => All.First(trait => trait.Kind == kind);

    /// <summary>The trait of a name; <see langword="null"/> when nothing is called so.</summary>
    public static FaultTrait? Find(string name) => All.FirstOrDefault(trait => trait.Name == name);

    /// <summary>
    /// Whether both may be there at once. A backend's trouble is for front-ends to see and needs nobody else, so it may come with any other; of two troubles
    /// among silos, front-ends, Redis and the configuration nothing is promised but that each is over in time.
    /// </summary>
    public bool MayOverlap(FaultTrait other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Area == FaultArea.Backend) != (other.Area == FaultArea.Backend);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
