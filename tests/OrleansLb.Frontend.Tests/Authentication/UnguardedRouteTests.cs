using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Authentication;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Routes that anybody may use, beside others that only some may.</summary>
public sealed class UnguardedRouteTests : IAsyncDisposable
{
    private readonly GuardedFrontend _frontend = new();

    public ValueTask DisposeAsync() => _frontend.DisposeAsync();

    [Fact]
    public async Task Route_WithoutAPolicy_AsksNobody()
    {
        _frontend["Type"] = "Forward";
        _frontend["Address"] = "http://127.0.0.1:1/";
        await _frontend.Start(new FrontendHostOptions());
        using var answer = await _frontend.Get("/fields/Authorization", ("Authorization", "Bearer x"));
        Assert.Equal("Bearer x", await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_frontend.Decisions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Route_WithoutAPolicy_CostsNothing(bool hasOtherMetadata)
    {
        _frontend["Type"] = "Forward";
        _frontend["Address"] = "http://127.0.0.1:1/";
        await _frontend.Start();
        RequestDelegate next = static _ => Task.CompletedTask;
        var early = ActivatorUtilities.CreateInstance<EarlyAuthenticationMiddleware>(_frontend.Host.Services, next);
        var late = ActivatorUtilities.CreateInstance<AuthenticationMiddleware>(_frontend.Host.Services, next);
        var context = new DefaultHttpContext();
        var route = new RouteConfig { RouteId = "app", Match = new RouteMatch(), Metadata = hasOtherMetadata ? new Dictionary<string, string> { ["a"] = "b" } : null };
        context.Features.Set<IReverseProxyFeature>(new ReverseProxyFeature { Route = new RouteModel(route, cluster: null, HttpTransformer.Default) });
        Call(early, late, context, 10_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Call(early, late, context, 1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Call(EarlyAuthenticationMiddleware early, AuthenticationMiddleware late, HttpContext context, int times)
    {
        for (var time = 0; time < times; time++)
        {
            Assert.True(early.InvokeAsync(context).IsCompletedSuccessfully);
            Assert.True(late.InvokeAsync(context).IsCompletedSuccessfully);
        }
    }
}
