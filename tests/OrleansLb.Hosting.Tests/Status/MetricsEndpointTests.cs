using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

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
        await data.GetStringAsync("/", TestContext.Current.CancellationToken);

        var text = await ScrapeUntilItHas(host.Client, "http_server_request_duration_seconds_count");

        Assert.Contains("\norleanslb_test_things_total{} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("service_name=\"status-host\"", text, StringComparison.Ordinal);
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
    public async Task Metrics_StatusRequestsOnly_DoNotCountAsTraffic()
    {
        await using var host = await StatusHost.StartAsync();
        await host.Client.GetStringAsync("/livez", TestContext.Current.CancellationToken);

        var text = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("/livez", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http_server_", text, StringComparison.Ordinal);
    }

    /// <summary>The server measures a request when it has ended, which may be a moment after the client has all of its answer.</summary>
    private static async Task<string> ScrapeUntilItHas(HttpClient client, string name)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var text = await client.GetStringAsync("/metrics", deadline.Token);
            if (text.Contains(name, StringComparison.Ordinal))
                return text;
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
