using System.Net;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Affinity;

public sealed class SessionRedispatchTests : IAsyncLifetime
{
    private static readonly FrontendHostOptions Options = new()
    {
        Affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName },
    };

    private readonly Dictionary<string, Backend> _backends = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Backend[] Backends => [.. _backends.Values];

    public async ValueTask InitializeAsync()
    {
        foreach (var id in (string[])["a", "b", "c", "d", "e"])
            _backends.Add(id, await Backend.Start(id));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var backend in Backends)
            await backend.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BackendRefuses_SessionMovesAtOnceToWhereItGoesAfterTheDownEvent(bool passiveHealth)
    {
        var options = Options with { PassiveHealth = passiveHealth };
        await using var refused = await FrontendHost.Start(options, Backends);
        await using var told = await FrontendHost.Start(options, Backends);
        var first = await Get(refused, null);
        await _backends[first.Body].DisposeAsync();
        told.Judge(id => (id != first.Body, id != first.Body));

        var moved = await Get(refused, first.Cookie);
        Assert.Equal((HttpStatusCode.OK, true), (moved.Status, moved.Body != first.Body));
        var elsewhere = await Get(told, first.Cookie);
        Assert.Equal(moved.Body, elsewhere.Body);
        Assert.Equal((moved.Body, (string?)null), await BodyAndCookie(told, moved.Cookie));
    }

    [Fact]
    public async Task BackendAndSuccessorRefuse_SessionGoesOnToTheNext()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        await using var probe = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        probe.Judge(id => (id != first.Body, id != first.Body));
        var successor = (await Get(probe, first.Cookie)).Body;
        probe.Judge(id => (id != first.Body && id != successor, id != first.Body && id != successor));
        var next = (await Get(probe, first.Cookie)).Body;

        await _backends[first.Body].DisposeAsync();
        await _backends[successor].DisposeAsync();
        Assert.Equal((HttpStatusCode.OK, next), await StatusAndBody(frontend, first.Cookie));
    }

    [Fact]
    public async Task RequestWithBody_BackendRefuses_ArrivesWholeAtTheSuccessor()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        await _backends[first.Body].DisposeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(frontend.Http1, "/echo")) { Content = new StringContent("all of it") };
        request.Headers.Add("Cookie", first.Cookie);
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal("all of it", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Single(response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task Return503AndBackendRefuses_Answers503AndKeepsTheSession()
    {
        await using var frontend = await FrontendHost.Start(Options with { Affinity = Options.Affinity! with { FailurePolicy = "Return503Error" } }, Backends);
        var first = await Get(frontend, null);
        await _backends[first.Body].DisposeAsync();
        var answer = await Get(frontend, first.Cookie);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (answer.Status, answer.SetCookie));
        answer = await Get(frontend, first.Cookie);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (answer.Status, answer.SetCookie));
    }

    [Fact]
    public async Task DrainingBackend_KeepsItsSessionsAndGetsNoOther()
    {
        await using var frontend = await FrontendHost.Start(Options, Backends);
        var first = await Get(frontend, null);
        frontend.Judge(id => (id != first.Body, true));
        Assert.Equal((first.Body, (string?)null), await BodyAndCookie(frontend, first.Cookie));
        for (var i = 0; i < 10; i++)
            Assert.NotEqual(first.Body, (await Get(frontend, null)).Body);
    }

    private async Task<(string Body, string? SetCookie)> BodyAndCookie(FrontendHost frontend, string? cookie)
    {
        var answer = await Get(frontend, cookie);
        return (answer.Body, answer.SetCookie);
    }

    private async Task<(HttpStatusCode Status, string Body)> StatusAndBody(FrontendHost frontend, string? cookie)
    {
        var answer = await Get(frontend, cookie);
        return (answer.Status, answer.Body);
    }

    private Task<CookieAnswer> Get(FrontendHost frontend, string? cookie) => CookieAnswer.Get(_client, new Uri(frontend.Http1, "/id"), cookie);
}
