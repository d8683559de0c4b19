using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Configuration;
using OrleansLb.Core.Networks;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Files;

namespace OrleansLb.Frontend.Tests.Limits;

public sealed class AccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanslb").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("127.0.0.0/8", null, true)]
    [InlineData("10.0.0.0/8", null, false)]
    [InlineData(null, "127.0.0.1/32", false)]
    [InlineData(null, "10.0.0.0/8", true)]
    [InlineData("127.0.0.0/8", "127.0.0.1/32", false)]
    public async Task Request_OfAClient_IsServedWhereTheRouteAdmitsIt(string? allowed, string? denied, bool isAdmitted) =>
        await IsDecided(RouteAccess.Write(Networks(allowed), Networks(denied), [], []), client: null, isAdmitted ? null : RejectionMetrics.AccessDenied);

    // 192.0.2.0/24 is in DE and 198.51.100.0/24 in FR.
    [Theory]
    [InlineData("192.0.2.1", null, "DE", null, true)]
    [InlineData("198.51.100.1", null, "DE", null, false)]
    [InlineData("203.0.113.1", null, "DE", null, false)]
    [InlineData("203.0.113.1", "203.0.113.0/24", "DE", null, true)]
    [InlineData("192.0.2.1", null, null, "DE", false)]
    [InlineData("192.0.2.1", "192.0.2.0/24", null, "DE", false)]
    [InlineData("198.51.100.1", null, null, "DE", true)]
    [InlineData("203.0.113.1", null, null, "DE", true)]
    public async Task Request_OfACountry_IsServedWhereTheRouteAdmitsIt(string client, string? allowed, string? allowedCountry, string? deniedCountry, bool isAdmitted)
    {
        var database = Path.Combine(_folder, "countries.mmdb");
        await File.WriteAllBytesAsync(database, CountryDatabaseFile.Of(("192.0.2.0/24", "DE"), ("198.51.100.0/24", "FR")), Cancellation);
        var access = RouteAccess.Write(Networks(allowed), [], Countries(allowedCountry), Countries(deniedCountry));
        await IsDecided(access, client, isAdmitted ? null : RejectionMetrics.AccessDenied, database);
    }

    [Theory]
    [InlineData("DE", null)]
    [InlineData(null, "DE")]
    public async Task Request_NothingTellsCountries_IsNotServed(string? allowedCountry, string? deniedCountry) =>
        await IsDecided(RouteAccess.Write([], [], Countries(allowedCountry), Countries(deniedCountry)), "192.0.2.1", RejectionMetrics.CountryUnknown);

    [Fact]
    public async Task Request_NothingTellsCountriesAndNetworksDecide_IsDecided()
    {
        await IsDecided(RouteAccess.Write(Networks("192.0.2.0/24"), [], Countries("DE"), []), "192.0.2.1", rejection: null);
        await IsDecided(RouteAccess.Write([], Networks("192.0.2.0/24"), [], Countries("DE")), "192.0.2.1", RejectionMetrics.AccessDenied);
        await IsDecided(RouteAccess.Write(Networks("10.0.0.0/8"), [], [], Countries("DE")), "192.0.2.1", RejectionMetrics.AccessDenied);
    }

    [Fact]
    public async Task Request_DatabaseWasReplaced_IsDecidedByTheNewOneAfterTenSeconds()
    {
        var database = Path.Combine(_folder, "countries.mmdb");
        await File.WriteAllBytesAsync(database, CountryDatabaseFile.Of(("127.0.0.0/8", "DE")), Cancellation);
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(
            new FrontendHostOptions
            {
                Access = RouteAccess.Write([], [], Countries("DE"), []),
                Settings = new() { ["OrleansLb:Frontend:CountryDatabase"] = database },
            },
            backend);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation)).StatusCode);

        await File.WriteAllBytesAsync(database, CountryDatabaseFile.Of(("127.0.0.0/8", "FR"), ("10.0.0.0/8", "DE")), Cancellation);
        await Eventually.Is(async () =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(10));
            return (await http.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation)).StatusCode == HttpStatusCode.Forbidden;
        });
    }

    private static async Task IsDecided(string access, string? client, string? rejection, string database = "")
    {
        var settings = new Dictionary<string, string?> { ["OrleansLb:Frontend:TrustedProxies"] = "127.0.0.1", ["OrleansLb:Frontend:CountryDatabase"] = database };
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Access = access, Settings = settings }, backend);
        using var rejected = new MetricCollector<long>(frontend.Services.GetRequiredService<IMeterFactory>(), RejectionMetrics.MeterName, "orleanslb.rejected");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id"));
        if (client is not null)
            request.Headers.Add("X-Forwarded-For", client);

        using var answer = await http.SendAsync(request, Cancellation);

        var status = rejection switch { null => HttpStatusCode.OK, RejectionMetrics.CountryUnknown => HttpStatusCode.ServiceUnavailable, _ => HttpStatusCode.Forbidden };
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(rejection is null ? 1 : 0, backend.Requests);
        Assert.Equal(rejection is null ? [] : [rejection], rejected.GetMeasurementSnapshot().Select(static measurement => (string)measurement.Tags["reason"]!));
    }

    private static IEnumerable<IPNetwork> Networks(string? network) => network is null ? [] : [IPNetwork.Parse(network)];

    private static IEnumerable<CountryCode> Countries(string? country) => CountryCode.TryParse(country, out var code) ? [code] : [];
}
