using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Tests.Routing;

public sealed class RoutesReadinessCheckTests
{
    [Fact]
    public void Check_YarpHasTakenNothingYet_IsNotReady() =>
        Assert.False(new RoutesReadinessCheck(new RoutesInForce(NullLogger<RoutesInForce>.Instance)).Check().IsReady);

    [Fact]
    public async Task Check_FrontendServes_IsReady()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        var check = Assert.Single(frontend.Services.GetServices<IReadinessCheck>(), static check => check.Name == "routes");
        await LoadBalancing.Eventually.Is(() => check.Check().IsReady);
    }
}
