using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Networks;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Whom a limit concerns and what it does about it, at a front-end that is on its own.</summary>
public sealed class PolicyOptionsTests
{
    private static readonly RateLimitPolicyDefinition DenyAll = new()
    {
        Name = "limit",
        Algorithm = RateLimitAlgorithm.TokenBucket,
        TokenLimit = 10,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        WhenUnreachable = WhenUnreachable.Deny,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task DryRun_OverTheLimit_OnlyCounts(bool dryRun, HttpStatusCode status) =>
        await IsDecided(DenyAll with { DryRun = dryRun }, status, "unavailable");

    [Fact]
    public async Task DryRun_RangeDoesNotAnswer_NoRequestWaits()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { RateLimit = DenyAll with { DryRun = true, Mode = RateLimitMode.Exact } }, backend);
        Assert.Equal(HttpStatusCode.OK, await Get(frontend));
    }

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK, "exempt")]
    [InlineData("10.0.0.0/8", HttpStatusCode.TooManyRequests, "unavailable")]
    public async Task Exempt_Client_IsNotLimited(string network, HttpStatusCode status, string decision) =>
        await IsDecided(DenyAll with { Exempt = NetworkSet.Of([IPNetwork.Parse(network)]) }, status, decision);

    [Theory]
    [InlineData("127.0.0.1", "192.0.2.1", true)]
    [InlineData("127.0.0.0/8", "192.0.2.1, 127.0.0.9", true)]
    // Who is behind a proxy that is not trusted cannot say who he is.
    [InlineData("127.0.0.1", "192.0.2.1, 198.51.100.1", false)]
    [InlineData("10.0.0.1", "192.0.2.1", false)]
    [InlineData("10.0.0.1, 127.0.0.1", "192.0.2.1", true)]
    [InlineData(null, "192.0.2.1", false)]
    public async Task Client_BehindProxies_IsWhoTrustedOnesSay(string? trusted, string forwardedFor, bool isBelieved)
    {
        var exempt = DenyAll with { Exempt = NetworkSet.Of([IPNetwork.Parse("192.0.2.0/24")]) };
        await IsDecided(exempt, isBelieved ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, isBelieved ? "exempt" : "unavailable", trusted, forwardedFor);
    }

    private static async Task IsDecided(RateLimitPolicyDefinition policy, HttpStatusCode status, string decision, string? trusted = null, string? forwardedFor = null)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { RateLimit = policy, Settings = Proxies(trusted) }, backend);
        using var decisions = new MetricCollector<long>(
            frontend.Services.GetRequiredService<IMeterFactory>(), RateLimitMetrics.MeterName, "orleanslb.rate_limit.decisions");
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(status, await Get(frontend, forwardedFor));
        await decisions.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(30));
        Assert.Equal(decision, decisions.LastMeasurement!.Tags["decision"]);
    }

    private static Dictionary<string, string?> Proxies(string? trusted)
    {
        const string Key = "OrleansLb:Frontend:TrustedProxies";
        // One line for several, an item of a list for one.
        return trusted is null ? [] : new() { [trusted.Contains(',', StringComparison.Ordinal) ? Key : $"{Key}:0"] = trusted };
    }

    private static async Task<HttpStatusCode> Get(FrontendHost frontend, string? forwardedFor = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id"));
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
