using System.Diagnostics.Metrics;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Balancing;
using OrleansLb.Frontend.Http.LoadReports;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Protocols;

namespace OrleansLb.Frontend.Tests.LoadReports;

/// <summary>Reports of backends in their answers, through the real pipeline.</summary>
public sealed class LoadReportTests
{
    private const string Name = "endpoint-load-metrics";
    private const string BinaryName = "endpoint-load-metrics-bin";

    // cpu_utilization 0.25, rps_fractional 50: 200 when full.
    private const string Binary = "CQAAAAAAANA/MQAAAAAAAElA";

    private static readonly FrontendHostOptions Reporting = new()
    {
        Policy = LoadBalancingPolicyNames.ResourceBased,
        LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.FromSeconds(1) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Name, "TEXT cpu_utilization=0.25,rps_fractional=50")]
    [InlineData(Name, """JSON {"cpuUtilization":0.25,"rpsFractional":50}""")]
    [InlineData(Name, "BIN " + Binary)]
    [InlineData(BinaryName, Binary)]
    [InlineData("Endpoint-Load-Metrics", "TEXT cpu_utilization=0.5,application_utilization=0.25,rps_fractional=50")]
    public async Task Answer_WithAReport_IsTakenAndKeptFromTheClient(string name, string value)
    {
        await using var backend = await Backend.Start();
        backend.Reports = [(name, value)];
        await using var frontend = await FrontendHost.Start(Reporting, backend);
        using var outcomes = Outcomes(frontend);

        using var answer = await Ask(frontend);

        Assert.Equal("a", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.False(answer.Headers.Contains(name));
        Assert.Equal(200, Slot(frontend).ReportedLoad.Weight);
        Assert.Equal(["taken"], Seen(outcomes));
    }

    [Theory]
    [InlineData("malformed", "TEXT cpu_utilization=lots")]
    [InlineData("malformed", "JSON {")]
    [InlineData("malformed", "BIN ????")]
    [InlineData("unknown_format", "YAML cpu: 1")]
    [InlineData("useless", "TEXT mem_utilization=0.5")]
    [InlineData("useless", "TEXT cpu_utilization=0.5")]
    [InlineData("ambiguous", "TEXT cpu_utilization=0.25,rps_fractional=50", "TEXT cpu_utilization=0.5,rps_fractional=50")]
    public async Task Answer_WithAReportThatSaysNothing_IsCountedAndArrivesUnharmed(string outcome, params string[] values)
    {
        await using var backend = await Backend.Start();
        backend.Reports = [.. values.Select(static value => (Name, value))];
        await using var frontend = await FrontendHost.Start(Reporting, backend);
        using var outcomes = Outcomes(frontend);

        using var answer = await Ask(frontend);

        Assert.Equal((HttpStatusCode.OK, "a"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.False(answer.Headers.Contains(Name));
        Assert.Equal(ResourceLoad.None, Slot(frontend).ReportedLoad);
        Assert.Equal([outcome], Seen(outcomes));
    }

    [Fact]
    public async Task Answer_WithAReportOfTwentyKilobytes_IsCountedAndArrivesUnharmed()
    {
        await using var backend = await Backend.Start();
        backend.Reports = [(Name, $"TEXT cpu_utilization=0.25,rps_fractional=50,named_metrics.{new string('x', 20_000)}=1")];
        await using var frontend = await FrontendHost.Start(Reporting, backend);
        using var outcomes = Outcomes(frontend);

        using var answer = await Ask(frontend);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["too_long"], Seen(outcomes));
    }

    [Fact]
    public async Task Answer_InAPoolOfAnotherPolicy_IsLeftAsItIs()
    {
        await using var backend = await Backend.Start();
        backend.Reports = [(Name, "TEXT cpu_utilization=0.25,rps_fractional=50")];
        await using var frontend = await FrontendHost.Start(backend);

        using var answer = await Ask(frontend);

        Assert.True(answer.Headers.Contains(Name));
        Assert.Equal(ResourceLoad.None, Slot(frontend).ReportedLoad);
    }

    [Theory]
    [InlineData("hello", StatusCode.OK)]
    [InlineData("fail", StatusCode.FailedPrecondition)]
    public async Task GrpcCall_WithAReportAtItsEnd_IsTakenAndKeptFromTheClient(string text, StatusCode status)
    {
        await using var backend = await Backend.Start(protocols: HttpProtocols.Http2);
        await using var frontend = await FrontendHost.Start(Reporting with { BackendVersion = HttpVersion.Version20 }, backend);
        using var channel = GrpcChannel.ForAddress(frontend.Http2);
        using var call = new Echo.EchoClient(channel).SayAsync(
            new Words { Text = text }, new Metadata { { "report-bin", Convert.FromBase64String(Binary) } }, cancellationToken: Cancellation);

        var seen = await Record.ExceptionAsync(async () => await call);

        Assert.Equal(status, (seen as RpcException)?.StatusCode ?? StatusCode.OK);
        Assert.DoesNotContain(call.GetTrailers(), static trailer => trailer.Key == BinaryName);
        await LoadBalancing.Eventually.Is(() => Slot(frontend).ReportedLoad.Weight == 200);
    }

    [Fact]
    public async Task Requests_ToBackendsThatReport_GoByTheirCapacity()
    {
        await using var small = await Backend.Start("a");
        await using var large = await Backend.Start("b");
        small.Reports = [(Name, "TEXT cpu_utilization=1,rps_fractional=100")];
        large.Reports = [(BinaryName, Binary)];
        await using var frontend = await FrontendHost.Start(Reporting with { LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.FromSeconds(10) } }, small, large);
        await Count(frontend, 100);
        Assert.InRange(small.Requests, 30, 70);
        var before = small.Requests;

        frontend.Clock.Advance(TimeSpan.FromSeconds(10));
        await Count(frontend, 300);

        // A third of 300, give or take five standard deviations.
        Assert.InRange(small.Requests - before, 60, 140);
    }

    private static async Task Count(FrontendHost frontend, int requests)
    {
        for (var i = 0; i < requests; i++)
            (await Ask(frontend)).Dispose();
    }

    private static async Task<HttpResponseMessage> Ask(FrontendHost frontend)
    {
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        return await client.GetAsync("/report", Cancellation);
    }

    private static BackendSlot Slot(FrontendHost frontend) => frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId].Slots.Single();

    private static MetricCollector<long> Outcomes(FrontendHost frontend) =>
        new(frontend.Services.GetRequiredService<IMeterFactory>(), LoadReportMetrics.MeterName, "orleanslb.backend.load_reports");

    private static IEnumerable<object?> Seen(MetricCollector<long> outcomes) => outcomes.GetMeasurementSnapshot().Select(static measurement => measurement.Tags["outcome"]);
}
