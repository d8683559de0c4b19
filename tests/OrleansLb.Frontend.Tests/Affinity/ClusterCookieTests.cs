using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Affinity;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Affinity;

public sealed class ClusterCookieTests : IAsyncLifetime
{
    private static readonly FrontendHostOptions Options = new()
    {
        Affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName },
    };

    private static readonly FrontendHostOptions Return503 = Options with { Affinity = Options.Affinity! with { FailurePolicy = "Return503Error" } };

    private readonly List<Backend> _backends = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    private Backend[] Backends => [.. _backends];

    public async ValueTask InitializeAsync()
    {
        foreach (var id in (string[])["a", "b", "c", "d"])
            _backends.Add(await Backend.Start(id));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task FirstRequest_GetsOneSafeCookieThatNamesNoBackend()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var answer = await Get(frontend, null);
        Assert.Matches(@"^\.Lb\.App=v1\.k1\.[\w-]+; path=/; samesite=lax; httponly$", answer.SetCookie);
    }

    [Fact]
    public async Task LaterRequests_StayWithTheirBackendAtEveryFrontendWithoutANewCookie()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        await using var other = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        for (var i = 0; i < 8; i++)
        {
            var answer = await Get(i % 2 == 0 ? frontend : other, first.Cookie);
            Assert.Equal((first.Body, null), (answer.Body, answer.SetCookie));
        }
    }

    [Fact]
    public async Task Backend_SeesTheOtherCookiesAndNotOurs()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var cookie = (await Get(frontend, null)).Cookie;
        var seen = await Get(frontend, $"theme=dark; {cookie}; {FrontendHost.CookieName}=forged; id=\"x y\"", "/cookie");
        Assert.Equal("theme=dark; id=\"x y\"", seen.Body);
        Assert.Equal("", (await Get(frontend, cookie, "/cookie")).Body);
    }

    [Fact]
    public async Task BackendRemoved_SessionMovesToTheSameSuccessorAtEveryFrontendAndStaysThere()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        await using var other = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        var left = Addresses(backend => backend.Id != first.Body);
        await frontend.Apply(Options, left, 1);
        await other.Apply(Options, left, 1);

        var moved = await Get(frontend, first.Cookie);
        Assert.NotEqual(first.Body, moved.Body);
        Assert.Equal(moved.Body, (await Get(other, first.Cookie)).Body);
        await frontend.Apply(Options, Addresses(static _ => true), 1);
        Assert.Equal((moved.Body, null), await BodyAndCookie(frontend, moved.Cookie));
    }

    [Fact]
    public async Task BackendReplacedUnderItsId_SessionLeavesIt()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        await frontend.Apply(Options, Addresses(static _ => true), 2);
        var moved = await Get(frontend, first.Cookie);
        Assert.NotNull(moved.SetCookie);
        Assert.Equal((moved.Body, null), await BodyAndCookie(frontend, moved.Cookie));
    }

    [Fact]
    public async Task Return503AndBackendGone_Answers503AndDeletesTheCookie()
    {
        await using var frontend = await FrontendHost.Start(Return503, Backends);
        var first = await Get(frontend, null);
        await frontend.Apply(Return503, Addresses(backend => backend.Id != first.Body), 1);
        var answer = await Get(frontend, first.Cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.StartsWith(".Lb.App=; expires=Thu, 01 Jan 1970", answer.SetCookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get(frontend, null)).Status);
    }

    [Theory]
    [InlineData("v1.k1.AAAA", "malformed")]
    [InlineData("v1.other.AAAA", "unknown_key")]
    [InlineData("<tampered>", "bad_tag")]
    [InlineData("<8 KiB>", "too_long")]
    public async Task BadCookie_IsTreatedAsNoneAndCounted(string value, string reason)
    {
        await using var frontend = await FrontendHost.Start(Return503, Backends);
        using var rejected = Rejected(frontend);
        var good = (await Get(frontend, null)).Cookie!;
        var bad = value switch
        {
            "<tampered>" => good[..^2] + (good[^2] == 'A' ? "BA" : "AA"),
            "<8 KiB>" => good.PadRight(8192, 'A'),
            _ => $"{FrontendHost.CookieName}={value}",
        };
        var answer = await Get(frontend, bad);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith(".Lb.App=v1.k1.", answer.SetCookie, StringComparison.Ordinal);
        var count = Assert.Single(rejected.GetMeasurementSnapshot());
        Assert.Equal((1, reason), (count.Value, count.Tags["reason"]));
        Assert.Null((await Get(frontend, good)).SetCookie);
    }

    [Fact]
    public async Task TwentyCookiesOfOneName_FirstGoodOfFourCounts()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        using var rejected = Rejected(frontend);
        var good = await Get(frontend, null);
        const string Bad = $"{FrontendHost.CookieName}=v1.k1.AAAA";
        var afterThree = await Get(frontend, string.Join("; ", [.. Enumerable.Repeat(Bad, 3), good.Cookie, .. Enumerable.Repeat(Bad, 16)]));
        Assert.Equal((good.Body, null), (afterThree.Body, afterThree.SetCookie));
        Assert.Equal(3, rejected.GetMeasurementSnapshot().Count);
        var afterFour = await Get(frontend, string.Join("; ", [.. Enumerable.Repeat(Bad, 4), good.Cookie, .. Enumerable.Repeat(Bad, 15)]));
        Assert.NotNull(afterFour.SetCookie);
        Assert.Equal(7, rejected.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task CookieOfAnotherHost_IsTreatedAsNone()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var cookie = (await Get(frontend, null)).Cookie;
        Assert.NotNull((await Get(frontend, cookie, host: "other.example")).SetCookie);
    }

    [Fact]
    public async Task BackendDoesNotAnswer_ClientGetsNoCookie()
    {
        await using var frontend = await FrontendHost.Start(Options, new Dictionary<string, string> { ["gone"] = "http://127.0.0.1:1/" });
        var answer = await Get(frontend, null);
        Assert.Equal((HttpStatusCode.BadGateway, null), (answer.Status, answer.SetCookie));
    }

    [Fact]
    public async Task SessionPastItsMaxAge_BeginsAnew()
    {
        var hour = Options with { Affinity = Options.Affinity! with { Cookie = new SessionAffinityCookieConfig { MaxAge = TimeSpan.FromHours(1) } } };
        await using var frontend = await FrontendHost.Start(hour, Backends);
        var first = await Get(frontend, null);
        Assert.Contains("max-age=3600", first.SetCookie, StringComparison.Ordinal);
        frontend.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Null((await Get(frontend, first.Cookie)).SetCookie);
        frontend.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull((await Get(frontend, first.Cookie)).SetCookie);
    }

    [Fact]
    public async Task KeyRotated_CookieOfTheFormerKeyIsKeptAndSealedAnew()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        await frontend.Apply(new KeyRing([new AffinityKey("k2", [.. new byte[32]]), .. FrontendHost.Ring.Keys], "k2"));
        var renewed = await Get(frontend, first.Cookie);
        Assert.Equal(first.Body, renewed.Body);
        Assert.StartsWith(".Lb.App=v1.k2.", renewed.SetCookie, StringComparison.Ordinal);
    }

    private static MetricCollector<long> Rejected(FrontendHost frontend) =>
        new(frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Affinity", "orleanslb.affinity.rejected");

    private Dictionary<string, string> Addresses(Func<Backend, bool> which) =>
        _backends.Where(which).ToDictionary(static backend => backend.Id, static backend => backend.Address);

    private async Task<(string Body, string? SetCookie)> BodyAndCookie(FrontendHost frontend, string? cookie)
    {
        var answer = await Get(frontend, cookie);
        return (answer.Body, answer.SetCookie);
    }

    private Task<CookieAnswer> Get(FrontendHost frontend, string? cookie, string path = "/id", string? host = null) =>
        CookieAnswer.Get(_client, new Uri(frontend.Http1, path), cookie, host);
}
