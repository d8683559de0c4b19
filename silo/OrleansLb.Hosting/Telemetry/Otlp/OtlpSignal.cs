namespace OrleansLb.Hosting.Telemetry.Otlp;

/// <summary>What is sent by OTLP.</summary>
/// <param name="Name">As variables name it.</param>
/// <param name="Path">Where a collector takes it over HTTP.</param>
internal sealed record OtlpSignal(string Name, string Path)
{
    public static OtlpSignal Traces { get; } = new("TRACES", "v1/traces");

    public static OtlpSignal Metrics { get; } = new("METRICS", "v1/metrics");
}
