using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>Makes the process measurable.</summary>
public static class TelemetryExtensions
{
    /// <summary>Meters that are exported: ours, Orleans', the web server's, the HTTP client's and the runtime's.</summary>
    private static readonly string[] Meters = ["OrleansLb.*", "Microsoft.Orleans", "Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime"];

    /// <summary>Adds metrics and their Prometheus endpoint on the status server.</summary>
    /// <param name="services">Services of the process.</param>
    public static IServiceCollection AddOrleansLbTelemetry(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter(Meters).AddPrometheusExporter());
        services.AddSingleton<IStatusEndpoints, MetricsEndpoint>();
        return services;
    }
}
