using OrleansLb.Core.Health;

namespace OrleansLb.Core.Snapshots;

/// <summary>When a new version of the configuration is taken back because requests fail under it.</summary>
public sealed record RollbackDefinition
{
    /// <summary>How long a version is watched, from the moment in which the first front-end serves it.</summary>
    /// <value>Default 1 min; 5 s to 1 h.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How much larger than before the share of failed requests may be.</summary>
    /// <value>Percent of all requests, so that from 2 to 12 is a rise of 10; default 10; 0.1 to 100.</value>
    public double MaxRisePercent { get; init; } = 10;

    /// <summary>Requests before the change, and after it, below which nothing is judged.</summary>
    /// <value>Default 100; 10 to 1,000,000.</value>
    public int MinRequests { get; init; } = 100;

    /// <summary>Statuses of answers that are failures. One below 500 is one only where a front-end says it, such as 404 for no route: what a backend means by it is its own affair.</summary>
    /// <value>Default 500-599.</value>
    public HttpStatusSet FailureStatuses { get; init; } = HttpStatusSet.ServerErrors;

    /// <summary><see cref="MaxRisePercent"/> as a share.</summary>
    internal double MaxRise => MaxRisePercent / 100;
}
