using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OrleansLb.Hosting.Telemetry.Otlp;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Has spans made and sent, where that is wanted.</summary>
internal static class TracingExtensions
{
    /// <summary>Sources of spans that are sent: ours. The server's and the clients' own would tell the same again.</summary>
    private const string Sources = "OrleansLb.*";

    public static void AddTracing(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(TracingOptions.SectionName);
        services.AddOptions<TracingOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TracingOptions>, TracingOptionsValidator>();
        services.AddSingleton<IValidateOptions<TracingOptions>>(new OtlpVariablesValidator<TracingOptions>(configuration, OtlpSignal.Traces, static tracing => tracing.Enabled));
        if (!section.GetValue<bool>(nameof(TracingOptions.Enabled)))
            return;

        services.AddSingleton<TracingMetrics>();
        services.AddOpenTelemetry().WithTracing(static tracing => tracing.AddSource(Sources).SetSampler(Sampler).AddProcessor(Batches));
    }

    private static ParentBasedSampler Sampler(IServiceProvider services) =>
        new(new TraceIdRatioBasedSampler(services.GetRequiredService<IOptions<TracingOptions>>().Value.SamplePercent / 100));

    // What does not fit into the queue is dropped; its size and pace are OpenTelemetry's, by OTEL_BSP_*.
    private static BatchActivityExportProcessor Batches(IServiceProvider services)
    {
        var settings = OtlpSettings.Read(services.GetRequiredService<IConfiguration>(), OtlpSignal.Traces, []);
        var exporter = new CountedTraceExporter(settings, services.GetRequiredService<TracingMetrics>(), services.GetRequiredService<ILogger<CountedTraceExporter>>());
        var batches = services.GetRequiredService<IOptions<BatchExportActivityProcessorOptions>>().Value;
        return new BatchActivityExportProcessor(exporter, batches.MaxQueueSize, batches.ScheduledDelayMilliseconds, batches.ExporterTimeoutMilliseconds, batches.MaxExportBatchSize);
    }
}
