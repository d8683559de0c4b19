using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Frontend.Tests.Tracing;

/// <summary>Metrics of a front-end on their way to a collector.</summary>
public sealed class MetricExportTests
{
    [Fact]
    public async Task Metrics_OfAFrontendThatSendsThem_ArriveAtTheCollector()
    {
        var taken = new ConcurrentQueue<(string? Path, string Body)>();
        await using var collector = LoopbackHost.Create(HttpProtocols.Http1).Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            taken.Enqueue((context.Request.Path.Value, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);
        await using var frontend = await Start(("OrleansLb:Metrics:Otlp", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.Single()), ("OTEL_METRIC_EXPORT_INTERVAL", "50"));

        await Eventually.Is(() => taken.Any(static batch => batch.Path == "/v1/metrics" && batch.Body.Contains("orleanslb.", StringComparison.Ordinal) && batch.Body.Contains("tested", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Variable_ThatIsWrong_EndsTheStartWithItsKey()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Start(("OrleansLb:Metrics:Otlp", "true"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "localhost:4317")));
        Assert.Contains("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'localhost:4317' is no address", refused.Message, StringComparison.Ordinal);
    }

    private static Task<FrontendHost> Start(params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        return FrontendHost.Start(
            new FrontendHostOptions { Settings = all, Services = services => services.AddOrleansLbTelemetry(configuration, "tested") },
            new Dictionary<string, string> { ["a"] = "http://127.0.0.1:1" });
    }
}
