using System.ComponentModel.DataAnnotations;

namespace OrleansLb.Grains.Events;

/// <summary>What is kept of the events. The same on every silo: that of the silo where the log happens to be counts.</summary>
internal sealed class EventOptions
{
    public const string SectionName = "OrleansLb:Events";

    /// <summary>How many of the last events are kept where grain state is kept, so that they outlive every silo.</summary>
    /// <value>Default 1,000; 0 to 1,000; with 0 they live in the silos' memory only.</value>
    [Range(0, 1000)]
    public int Keep { get; set; } = 1000;
}
