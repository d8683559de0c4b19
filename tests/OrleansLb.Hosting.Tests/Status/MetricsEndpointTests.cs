using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace OrleansLb.Hosting.Tests.Status;

public class MetricsEndpointTests
{
    [Fact]
    public async Task Metrics_Scraped_HasOursTheRuntimesAndTheWebServers()
    {
        await using var host = await StatusHost.StartAsync();
        var counter = host.Application.Services.GetRequiredService<IMeterFactory>().Create("OrleansLb.Tests").CreateCounter<long>("orleanslb.test.things");
        counter.Add(3);
        using var data = new HttpClient { BaseAddress = new Uri(host.Application.Urls.First()) };
        // The server measures a request when it has ended, which may be a moment after the client has all of its answer.
        using var requests = new MetricCollector<double>(host.Application.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");
        await data.GetStringAsync("/", TestContext.Current.CancellationToken);
        await requests.WaitForMeasurementsAsync(1, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        var text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("\norleanslb_test_things_total{} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("service_name=\"status-host\"", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count", text, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OurDurations_HaveBucketsBelowASecond()
    {
        await using var host = await StatusHost.StartAsync();
        var duration = host.Application.Services.GetRequiredService<IMeterFactory>().Create("OrleansLb.Tests").CreateHistogram<double>("orleanslb.test.duration", "s");
        duration.Record(0.003);

        var text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("orleanslb_test_duration_seconds_bucket{le=\"0.0025\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("orleanslb_test_duration_seconds_bucket{le=\"0.005\"} 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_SizesOfOrleansMessages_AreNotEvenMeasured()
    {
        await using var host = await StatusHost.StartAsync();
        var meter = host.Application.Services.GetRequiredService<IMeterFactory>().Create("Microsoft.Orleans");
        var (sent, received) = (meter.CreateHistogram<int>("orleans-messaging-sent-messages-size"), meter.CreateHistogram<int>("orleans-messaging-received-messages-size"));
        var others = meter.CreateCounter<int>("orleans-messaging-rejected");

        Assert.Equal((false, false, true), (sent.Enabled, received.Enabled, others.Enabled));
    }

    [Fact]
    public async Task Metrics_StatusRequestsOnly_DoNotCountAsTraffic()
    {
        await using var host = await StatusHost.StartAsync();
        await host.Client.GetStringAsync("/livez", TestContext.Current.CancellationToken);

        var text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("/livez", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_server_", text, StringComparison.Ordinal);
    }
}
