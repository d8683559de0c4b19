using System.ComponentModel.DataAnnotations;

namespace OrleansLb.Hosting.Lifetime;

/// <summary>How long a process takes to stop.</summary>
public sealed class LifetimeOptions
{
    public const string SectionName = "OrleansLb";

    /// <summary>
    /// Time between failing readiness and closing the listeners, in which whoever sends traffic here notices; requests are still accepted.
    /// </summary>
    /// <value>Default 5 s; 0 to 10 min. Standalone sets 0.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReadinessGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time that requests in flight get after the listeners closed.</summary>
    /// <value>Default 30 s; 0 to 1 h.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
