using System.Net;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Tests.Cors;

/// <summary>What browsers are told of pages of other origins.</summary>
public sealed class CorsTests
{
    private const string Policies = "OrleansLb:Frontend:Cors:Policies:shop:";

    private readonly Dictionary<string, string?> _settings = new()
    {
        [Policies + "Origins:0"] = "https://shop.example.com",
        [Policies + "Origins:1"] = "https://*.partner.example",
        [Policies + "Methods:0"] = "PUT",
        [Policies + "Headers:0"] = "X-Cart",
        [Policies + "ExposedHeaders:0"] = "X-Total",
        [Policies + "MaxAge"] = "01:00:00",
        ["OrleansLb:Frontend:Cors:Default"] = "shop",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shop", "https://shop.example.com", "https://shop.example.com")]
    [InlineData("SHOP", "https://shop.example.com", "https://shop.example.com")]
    [InlineData("default", "https://shop.example.com", "https://shop.example.com")]
    [InlineData("shop", "https://a.partner.example", "https://a.partner.example")]
    [InlineData("shop", "http://shop.example.com", null)]
    [InlineData("shop", "https://shop.example.com.evil.example", null)]
    [InlineData("shop", "null", null)]
    [InlineData("disable", "https://shop.example.com", null)]
    [InlineData(null, "https://shop.example.com", null)]
    public async Task Request_OfAnotherOrigin_IsToldWhetherItMayReadTheAnswer(string? policy, string origin, string? allowed)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(policy, backend);
        using var answer = await Send(frontend, HttpMethod.Get, ("Origin", origin));
        Assert.Equal((HttpStatusCode.OK, allowed), (answer.StatusCode, ValueOf(answer, "Access-Control-Allow-Origin")));
        Assert.Equal(allowed is null ? null : "X-Total", ValueOf(answer, "Access-Control-Expose-Headers"));
        Assert.Null(ValueOf(answer, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Preflight_IsAnsweredWithoutABackend_AndWithoutSayingWhoItIs()
    {
        _settings["OrleansLb:Frontend:Authentication:Policies:staff:Type"] = "Forward";
        _settings["OrleansLb:Frontend:Authentication:Policies:staff:Address"] = "http://127.0.0.1:1/";
        await using var backend = await Backend.Start();
        await using var frontend = await Start("shop", backend, authorization: "staff");

        using var leave = await Send(frontend, HttpMethod.Options, ("Origin", "https://shop.example.com"), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-cart"));

        Assert.Equal(HttpStatusCode.NoContent, leave.StatusCode);
        Assert.Equal(
            ("https://shop.example.com", "PUT", "X-Cart", "3600"),
            (ValueOf(leave, "Access-Control-Allow-Origin"), ValueOf(leave, "Access-Control-Allow-Methods"), ValueOf(leave, "Access-Control-Allow-Headers"), ValueOf(leave, "Access-Control-Max-Age")));
        using var refused = await Send(frontend, HttpMethod.Get, ("Origin", "https://shop.example.com"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "https://shop.example.com"), (refused.StatusCode, ValueOf(refused, "Access-Control-Allow-Origin")));
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Preflight_IsAnswered_TheAccessLogSaysOk()
    {
        using var log = new AccessLog.AccessLogFile();
        foreach (var (key, value) in log.Settings)
            _settings[key] = value;
        await using var backend = await Backend.Start();
        await using var frontend = await Start("shop", backend);
        using var leave = await Send(frontend, HttpMethod.Options, ("Origin", "https://shop.example.com"), ("Access-Control-Request-Method", "PUT"));
        Assert.Equal("ok", (await log.Last(frontend.Services)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Credentials_AreAllowedForNamedOriginsOnly()
    {
        _settings[Policies + "Origins:1"] = "https://pay.example.com";
        _settings[Policies + "Credentials"] = "true";
        await using var backend = await Backend.Start();
        await using var frontend = await Start("shop", backend);
        using var answer = await Send(frontend, HttpMethod.Get, ("Origin", "https://pay.example.com"));
        Assert.Equal(("https://pay.example.com", "true"), (ValueOf(answer, "Access-Control-Allow-Origin"), ValueOf(answer, "Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData("Credentials", "true", "Policies:shop:Credentials: with them each origin must be named")]
    [InlineData("Origins:0", "shop.example.com", "Policies:shop:Origins: 'shop.example.com' is neither an origin")]
    [InlineData("Origins:0", "https://shop.example.com/", "Policies:shop:Origins: 'https://shop.example.com/' is neither an origin")]
    [InlineData("MaxAge", "2.00:00:00", "Policies:shop:MaxAge: 2.00:00:00 is not between")]
    [InlineData("/Policies:none:MaxAge", "00:00:01", "Policies:none:Origins: one is needed")]
    [InlineData("/Policies:disable:Origins:0", "*", "Policies:disable: the word has a meaning of its own")]
    [InlineData("/Default", "nobody", "Default: there is no policy 'nobody'")]
    public async Task Start_Mistake_IsSaidAtItsKey(string key, string value, string mistake)
    {
        _settings[key[0] == '/' ? "OrleansLb:Frontend:Cors:" + key[1..] : Policies + key] = value;
        await using var backend = await Backend.Start();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => Start("shop", backend));
        Assert.Contains(refused.Failures, failure => failure.StartsWith("OrleansLb:Frontend:Cors:" + mistake, StringComparison.Ordinal));
    }

    private Task<FrontendHost> Start(string? policy, Backend backend, string? authorization = null) =>
        FrontendHost.Start(new FrontendHostOptions { CorsPolicy = policy, AuthorizationPolicy = authorization, Settings = _settings }, backend);

    private static async Task<HttpResponseMessage> Send(FrontendHost frontend, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(frontend.Http1, "/id"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Cancellation);
    }

    private static string? ValueOf(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
