using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Tokens whose keys a provider has.</summary>
public sealed class KeySetTests : IAsyncLifetime
{
    private readonly GuardedFrontend _frontend = new();
    private readonly TestIssuer _issuer = new();
    private TestProvider _provider = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await TestProvider.Start();
        _provider.KeySet = _issuer.KeySet;
        _frontend["Type"] = "Jwt";
        _frontend["Authority"] = _provider.Authority;
        _frontend["RequireHttps"] = "false";
        _frontend["Audiences:0"] = TestIssuer.Audience;
    }

    public async ValueTask DisposeAsync()
    {
        await _frontend.DisposeAsync();
        await _provider.DisposeAsync();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Tokens_AreCheckedByWhatTheProviderSays_WhichIsAskedOnce()
    {
        await _frontend.Start();
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, await StatusOf(_issuer));
        using var foreign = await Ask(_issuer, new JsonObject { ["iss"] = "https://other.example.com" });
        await Eventually.Is(() => _frontend.Decisions.Last().Item2 == "issuer");
        Assert.Equal((HttpStatusCode.Unauthorized, 1), (foreign.StatusCode, _provider.Questions));
    }

    [Fact]
    public async Task Keys_AreReplaced_ATokenOfTheNewOneIsTakenAtOnce_AndInventedOnesAskNoMoreThanTwiceAMinute()
    {
        using var next = new TestIssuer("k2");
        await _frontend.Start();
        Assert.Equal(HttpStatusCode.OK, await StatusOf(_issuer));
        _provider.KeySet = TestIssuer.SetOf(_issuer, next);
        _frontend.Host.Clock.Advance(RemoteKeySet.UnknownKeyPeriod);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusOf(next), await StatusOf(_issuer)));

        var asked = _provider.Questions;
        for (var i = 0; i < 20; i++)
        {
            using var invented = new TestIssuer($"invented{i}");
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(invented));
        }

        Assert.Equal(asked, _provider.Questions);
    }

    [Fact]
    public async Task Keys_AreOld_TheyAreAskedForAgain_AndStayWhileTheProviderFails()
    {
        using var next = new TestIssuer("k2");
        await _frontend.Start();
        Assert.Equal(HttpStatusCode.OK, await StatusOf(_issuer));
        _provider.IsDown = true;
        await Pass(JwtRules.DefaultRefresh, () => _frontend.Log.Any(static record => record.Id.Id == 3181));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(_issuer));

        (_provider.IsDown, _provider.KeySet) = (false, next.KeySet);
        await Eventually.Is(async () =>
        {
            _frontend.Host.Clock.Advance(RemoteKeySet.RetryPeriod);
            return await StatusOf(_issuer) == HttpStatusCode.Unauthorized;
        });
        Assert.Equal(HttpStatusCode.OK, await StatusOf(next));
    }

    [Fact]
    public async Task Keys_ThatCouldNeverBeHad_AreA503ForTokensAndA401ForThoseWithout_UntilTheyAre()
    {
        _provider.IsDown = true;
        await _frontend.Start();
        using (var answer = await Ask(_issuer))
        {
            await _frontend.IsRefused(answer, 503, "unavailable", "auth_unavailable");
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        }

        using (var without = await _frontend.Get("/id"))
            await _frontend.IsRefused(without, 401, "missing", "unauthorized");

        _provider.IsDown = false;
        await Pass(RemoteKeySet.RetryPeriod, () => _frontend.Log.Any(static record => record.Id.Id == 3180));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(_issuer));
    }

    private async Task Pass(TimeSpan time, Func<bool> until)
    {
        _frontend.Host.Clock.Advance(time);
        await Eventually.Is(() =>
        {
            _frontend.LookAtFiles();
            return until();
        });
    }

    private Task<HttpResponseMessage> Ask(TestIssuer issuer, JsonObject? further = null)
    {
        var claims = TestIssuer.Claims(_frontend.Host.Clock.GetUtcNow());
        foreach (var (name, value) in further ?? [])
            claims[name] = value?.DeepClone();
        return _frontend.Get("/id", ("Authorization", "Bearer " + issuer.Token(claims)));
    }

    private async Task<HttpStatusCode> StatusOf(TestIssuer issuer)
    {
        using var answer = await Ask(issuer);
        return answer.StatusCode;
    }
}
