using System.ComponentModel.DataAnnotations;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Whether spans of requests are made and sent. Where to is said by OpenTelemetry's own variables.</summary>
public sealed class TracingOptions
{
    public const string SectionName = "OrleansLb:Tracing";

    /// <summary>Whether they are.</summary>
    /// <value>Default <see langword="false"/>, and no request pays for what nobody reads.</value>
    public bool Enabled { get; set; }

    /// <summary>How many of the requests that begin a trace are sampled. Those that are part of one are when it is.</summary>
    /// <value>Default 100; allowed 0 to 100.</value>
    [Range(0.0, 100.0)]
    public double SamplePercent { get; set; } = 100;
}
