namespace OrleansLb.Core.Snapshots;

/// <summary>How many requests the whole fleet of front-ends may have at each backend of a pool, and where the others wait.</summary>
public sealed record ConcurrencyDefinition
{
    /// <summary>Requests, upgraded and streaming connections included, at one backend from all front-ends together, unless its agent says how many.</summary>
    /// <value>1 to 1,000,000; <see langword="null"/> in a pool that has no limit but those that agents say.</value>
    public int? MaxRequestsPerBackend { get; init; }

    /// <summary>How the limit of each backend follows the times of its answers, below <see cref="MaxRequestsPerBackend"/>; <see langword="null"/> where it does not.</summary>
    public AdaptiveConcurrencyDefinition? Adaptive { get; init; }

    /// <summary>Requests that may wait at one front-end for a slot.</summary>
    /// <value>Default 100; 0 to 100,000; with 0 a request that finds no slot is refused at once.</value>
    public int QueueLimit { get; init; } = 100;

    /// <summary>How long a request may wait.</summary>
    /// <value>Default 10 s; 1 ms to 1 h.</value>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a front-end does once its lease has ended and the cluster cannot be reached.</summary>
    public WhenUnreachable WhenUnreachable { get; init; } = WhenUnreachable.Share;
}
