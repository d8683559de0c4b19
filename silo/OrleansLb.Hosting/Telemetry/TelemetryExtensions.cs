using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Telemetry.Otlp;
using OrleansLb.Hosting.Telemetry.Tracing;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>Makes the process measurable.</summary>
public static class TelemetryExtensions
{
    /// <summary>Meters that are exported: ours, Orleans', the web server's, the HTTP client's and the runtime's.</summary>
    private static readonly string[] Meters = ["OrleansLb.*", "Microsoft.Orleans", "Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime"];

    /// <summary>
    /// Bounds of histograms in seconds: from a grain call on one machine to a timeout. The SDK's own are meant for milliseconds and would put
    /// every duration of ours into the first bucket.
    /// </summary>
    private static readonly double[] Durations = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>
    /// What costs every message or request something and says nothing that others do not: Orleans' histograms of the size of each message, which are written twice a message, in text and under a lock; the
    /// web server's count of matched routes, which is that of its durations; and what it borrows of memory, which is counted several times a request.
    /// </summary>
    private static readonly string[] LeftOut = ["orleans-messaging-sent-messages-size", "orleans-messaging-received-messages-size", "aspnetcore.routing.match_attempts", "aspnetcore.memory_pool.rented"];

    /// <summary>Adds metrics and their Prometheus endpoint on the status server, and spans where they are wanted.</summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="configuration">Configuration of the process.</param>
    /// <param name="name">Name of the executable.</param>
    public static IServiceCollection AddOrleansLbTelemetry(this IServiceCollection services, IConfiguration configuration, string name)
    {
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(name).AddEnvironmentVariableDetector()).WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters)
                .AddView(View)
                // The meter's name as a label on every series would say nothing that the metric's name does not.
                .AddPrometheusExporter(static prometheus => prometheus.ScopeInfoEnabled = false);
            if (configuration.GetValue<bool>($"{MetricsOptions.SectionName}:{nameof(MetricsOptions.Otlp)}"))
                metrics.AddOtlpExporter(options => OtlpSettings.Read(configuration, OtlpSignal.Metrics, []).Apply(options));
        });
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MetricsOptions>>(new OtlpVariablesValidator<MetricsOptions>(configuration, OtlpSignal.Metrics, static metrics => metrics.Otlp));
        services.AddTracing(configuration);
        services.AddSingleton<IStatusEndpoints, MetricsEndpoint>();
        return services;
    }

    private static MetricStreamConfiguration? View(Instrument instrument)
    {
        if (LeftOut.Contains(instrument.Name))
            return MetricStreamConfiguration.Drop;
        return IsOurDuration(instrument) ? new ExplicitBucketHistogramConfiguration { Boundaries = Durations } : null;
    }

    private static bool IsOurDuration(Instrument instrument) =>
        instrument is Histogram<double> { Unit: "s" } && instrument.Meter.Name.StartsWith("OrleansLb.", StringComparison.Ordinal);
}
