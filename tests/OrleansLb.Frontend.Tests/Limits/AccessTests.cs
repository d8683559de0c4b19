using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Tests.Limits;

public sealed class AccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.0/8", null, true)]
    [InlineData("10.0.0.0/8", null, false)]
    [InlineData(null, "127.0.0.1/32", false)]
    [InlineData(null, "10.0.0.0/8", true)]
    [InlineData("127.0.0.0/8", "127.0.0.1/32", false)]
    public async Task Request_OfAClient_IsServedWhereTheRouteAdmitsIt(string? allowed, string? denied, bool isAdmitted)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Access = RouteAccess.Write(Networks(allowed), Networks(denied)) }, backend);
        using var rejected = new MetricCollector<long>(frontend.Services.GetRequiredService<IMeterFactory>(), RejectionMetrics.MeterName, "orleanslb.rejected");
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);

        Assert.Equal(isAdmitted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(isAdmitted ? 1 : 0, backend.Requests);
        Assert.Equal(isAdmitted ? [] : ["access.denied"], rejected.GetMeasurementSnapshot().Select(static measurement => measurement.Tags["reason"]));
    }

    private static IEnumerable<IPNetwork> Networks(string? network) => network is null ? [] : [IPNetwork.Parse(network)];
}
