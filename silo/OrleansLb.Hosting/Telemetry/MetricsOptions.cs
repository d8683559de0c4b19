namespace OrleansLb.Hosting.Telemetry;

/// <summary>Who is told of the process' instruments, beside those who ask its status server.</summary>
public sealed class MetricsOptions
{
    public const string SectionName = "OrleansLb:Metrics";

    /// <summary>Whether they are sent by OTLP. Where to is said by OpenTelemetry's own variables.</summary>
    /// <value>Default <see langword="false"/>: they are asked for by Prometheus.</value>
    public bool Otlp { get; set; }
}
