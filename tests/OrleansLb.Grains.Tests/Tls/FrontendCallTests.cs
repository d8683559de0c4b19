using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>What front-ends may call in a silo, where they are known by certificates.</summary>
public sealed class FrontendCallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_MethodForFrontends_IsCalledAndMayCallWhatIsNot()
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var grains = await Frontend(silo);

        Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());
        Assert.Equal(2, await grains.GetGrain<ITriedGrain>("one").CallAnother());
        Assert.Empty(rejected.GetMeasurementSnapshot());
    }

    [Theory]
    [InlineData("ITriedGrain.OfSilos")]
    [InlineData("ITriedGrain.OfNobody")]
    [InlineData("IManagementGrain.GetHosts")]
    [InlineData("IGrainManagementExtension.DeactivateOnIdle")]
    public async Task Silo_MethodThatNoFrontendNeeds_IsRefusedToFrontendsAndCounted(string method)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);
        var grains = await Frontend(silo);

        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Call(method, grains));

        Assert.Equal($"{method} is for silos alone; front-ends may not call it.", refused.Message);
        var counted = Assert.Single(rejected.GetMeasurementSnapshot());
        Assert.Equal(("cluster", "cluster.call"), (counted.Tags["surface"], counted.Tags["reason"]));
        Assert.Equal(1, await grains.GetGrain<ITriedGrain>("one").CallAnother());
    }

    [Theory]
    [InlineData("ITriedGrain.OfSilos")]
    [InlineData("ITriedGrain.OfNobody")]
    [InlineData("IManagementGrain.GetHosts")]
    public async Task Silo_MethodThatNoFrontendNeeds_IsCalledBySilos(string method)
    {
        await using var silo = await SecuredSilo.Start();
        using var rejected = Rejected(silo);

        await Call(method, silo.Services.GetRequiredService<IGrainFactory>());

        Assert.Empty(rejected.GetMeasurementSnapshot());
    }

    private static Task Call(string method, IGrainFactory grains) => method switch
    {
        "ITriedGrain.OfSilos" => grains.GetGrain<ITriedGrain>("one").OfSilos().AsTask(),
        "ITriedGrain.OfNobody" => grains.GetGrain<ITriedGrain>("one").OfNobody().AsTask(),
        "IManagementGrain.GetHosts" => grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, Cancellation),
        _ => grains.GetGrain<ITriedGrain>("one").AsReference<Orleans.Core.Internal.IGrainManagementExtension>().DeactivateOnIdle().AsTask(),
    };

    private static Task<IGrainFactory> Frontend(SecuredSilo silo) => silo.Connect(silo.Options("frontend", silo.Authority.Client(SecuredSilo.FrontendName), silo.Authority.RootPem));

    private static MetricCollector<long> Rejected(SecuredSilo silo) => new(silo.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
}
