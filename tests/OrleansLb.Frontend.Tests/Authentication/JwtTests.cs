using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Tokens whose keys are in a file.</summary>
public sealed class JwtTests : IAsyncLifetime
{
    private readonly GuardedFrontend _frontend = new();
    private readonly TestIssuer _issuer = new();
    private readonly TestIssuer _other = new();

    private DateTimeOffset Now => _frontend.Host.Clock.GetUtcNow();

    public ValueTask InitializeAsync()
    {
        _frontend["Type"] = "Jwt";
        _frontend["KeySet"] = _frontend.Write("keys.json", _issuer.KeySet);
        _frontend["Issuer"] = TestIssuer.Name;
        _frontend["Audiences:0"] = "admin";
        _frontend["Audiences:1"] = TestIssuer.Audience;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _frontend.DisposeAsync();
        _issuer.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Token_ThatIsInOrder_IsLetInAndReachesTheBackend(string algorithm)
    {
        await _frontend.Start();
        using var answer = await Ask(_issuer.Token(TestIssuer.Claims(Now), algorithm), "/fields/Authorization");
        Assert.StartsWith("Bearer ", await Text(answer), StringComparison.Ordinal);
        Assert.Equal([(GuardedFrontend.Policy, "accepted")], _frontend.Decisions);
        Assert.Empty(_frontend.Rejections);
    }

    [Fact]
    public async Task Token_OfSeveralAudiencesOrWithoutAKeyId_IsLetIn()
    {
        await _frontend.Start();
        using var several = await Ask(_issuer.Token(With("aud", new JsonArray("x", TestIssuer.Audience))));
        using var nameless = await Ask(_issuer.Token(TestIssuer.Claims(Now), header: new JsonObject { ["kid"] = "" }));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (several.StatusCode, nameless.StatusCode));
    }

    [Theory]
    [InlineData("alg none", "algorithm")]
    [InlineData("alg None", "algorithm")]
    [InlineData("alg missing", "algorithm")]
    [InlineData("alg HS256 with the public key", "algorithm")]
    [InlineData("key of another", "signature")]
    [InlineData("key in the token", "signature")]
    [InlineData("key that is not known", "key")]
    [InlineData("key of another kind", "signature")]
    [InlineData("payload changed", "signature")]
    [InlineData("signature cut", "signature")]
    [InlineData("signature empty", "signature")]
    [InlineData("issuer of another", "issuer")]
    [InlineData("issuer missing", "issuer")]
    [InlineData("audience of another", "audience")]
    [InlineData("audience missing", "audience")]
    [InlineData("expired", "expired")]
    [InlineData("without end", "malformed")]
    [InlineData("not yet valid", "not_yet_valid")]
    [InlineData("must understand", "malformed")]
    [InlineData("two parts", "malformed")]
    [InlineData("four parts", "malformed")]
    [InlineData("five parts", "malformed")]
    [InlineData("no base64", "malformed")]
    [InlineData("no json", "malformed")]
    [InlineData("a word", "malformed")]
    [InlineData("too long", "too_long")]
    public async Task Token_ThatIsNotInOrder_IsRefusedAndSaidWhyToUsAlone(string kind, string outcome)
    {
        await _frontend.Start();
        var token = Bad(kind);
        using var answer = await Ask(token);
        await _frontend.IsRefused(answer, 401, outcome, "unauthorized");
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain(token, await _frontend.AllLogs(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearerx abc")]
    public async Task Request_WithoutAToken_IsAskedForOne(params string[] fields)
    {
        await _frontend.Start();
        using var answer = await _frontend.Get("/id", [.. fields.Select(static field => ("Authorization", field))]);
        await _frontend.IsRefused(answer, 401, "missing", "unauthorized");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Request_WithTwoTokens_IsRefused()
    {
        await _frontend.Start();
        using var client = await RawConnection.Open(_frontend.Host.Http1, TestContext.Current.CancellationToken);
        var token = _issuer.Token(TestIssuer.Claims(Now));
        await client.Send($"GET /id HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nAuthorization: Bearer x\r\n\r\n", TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 401 ", await client.ReadToEnd(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, _frontend.Backend.Requests);
    }

    [Theory]
    [InlineData(-29, HttpStatusCode.OK)]
    [InlineData(-31, HttpStatusCode.Unauthorized)]
    public async Task Token_ThatHasJustExpired_IsTakenWithinTheSkew(int seconds, HttpStatusCode status)
    {
        await _frontend.Start();
        using var answer = await Ask(_issuer.Token(With("exp", Now.AddSeconds(seconds).ToUnixTimeSeconds())));
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{ "scope": "read write" }""", 200)]
    [InlineData("""{ "scope": ["other", "write"] }""", 200)]
    [InlineData("""{ "scope": "readwrite" }""", 403)]
    [InlineData("""{ "scopes": "write" }""", 403)]
    [InlineData("{}", 403)]
    public async Task Claim_ThatIsWanted_MustBeThere(string claims, int status)
    {
        _frontend["Claims:scope:0"] = "write";
        _frontend["Claims:scope:1"] = "all";
        await _frontend.Start();
        using var answer = await Ask(_issuer.Token(WithAll(claims)));
        Assert.Equal(status, (int)answer.StatusCode);
        if (status != 403)
            return;
        await _frontend.IsRefused(answer, 403, "claim", "access_denied");
        Assert.Equal("Bearer error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("", """{ "email": "anna@example.com" }""", 200)]
    [InlineData("", "{}", 403)]
    [InlineData("anna@example.com, otto@example.com", """{ "email": "otto@example.com" }""", 200)]
    [InlineData("anna@example.com, otto@example.com", """{ "email": "eve@example.com" }""", 403)]
    public async Task Claim_WithoutAListOfValues_IsWantedAllTheSame(string values, string claims, int status)
    {
        // What a file with an empty list is read as, and what an environment variable has.
        _frontend["Claims:email"] = values;
        await _frontend.Start();
        using var answer = await Ask(_issuer.Token(WithAll(claims)));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("anna", "anna")]
    [InlineData("anna@example.com", "anna@example.com")]
    [InlineData("a\r\nX-Role: root", "a%0D%0AX-Role:%20root")]
    [InlineData("a%20b", "a%2520b")]
    [InlineData("J\u00f6rg", "J%C3%B6rg")]
    public async Task ForwardUser_IsTheSubject_WhateverTheClientSays(string subject, string told)
    {
        _frontend["ForwardUser"] = "X-User";
        _frontend.Set("OrleansLb:Frontend:UnderscoresInFieldNames", "Allow");
        await _frontend.Start();
        var token = "Bearer " + _issuer.Token(TestIssuer.Claims(Now, subject));
        using var answer = await _frontend.Get("/fields/X-User", ("Authorization", token), ("X-User", "root"), ("x-user", "admin"), ("Connection", "X-User"));
        using var alike = await _frontend.Get("/fields/X_User", ("Authorization", token), ("X_User", "root"));
        Assert.Equal((told, ""), (await Text(answer), await Text(alike)));
    }

    [Fact]
    public async Task ForwardUser_TokenWithoutASubject_IsNobody()
    {
        _frontend["ForwardUser"] = "X-User";
        await _frontend.Start();
        var claims = TestIssuer.Claims(Now);
        claims.Remove("sub");
        using var answer = await _frontend.Get("/fields/X-User", ("Authorization", "Bearer " + _issuer.Token(claims)), ("X-User", "root"));
        Assert.Equal("", await Text(answer));
    }

    [Fact]
    public async Task KeySet_IsReplaced_NewTokensAreTakenAndOldOnesAreNot_AndADamagedOneChangesNothing()
    {
        using var next = new TestIssuer("k2");
        await _frontend.Start();
        _frontend.Write("keys.json", next.KeySet);
        await Eventually.Is(() => Looks(next, HttpStatusCode.OK));
        await Eventually.Is(() => Looks(_issuer, HttpStatusCode.Unauthorized));

        _frontend.Write("keys.json", "{ \"keys\": [");
        await Eventually.Is(() =>
        {
            _frontend.LookAtFiles();
            return _frontend.Log.Any(static record => record.Id.Id == 3181);
        });
        Assert.True(await Looks(next, HttpStatusCode.OK));
    }

    private async Task<bool> Looks(TestIssuer issuer, HttpStatusCode expected)
    {
        _frontend.LookAtFiles();
        using var answer = await Ask(issuer.Token(TestIssuer.Claims(Now)));
        return answer.StatusCode == expected;
    }

    private JsonObject With(string claim, JsonNode? value)
    {
        var claims = TestIssuer.Claims(Now);
        if (value is null)
            claims.Remove(claim);
        else
            claims[claim] = value;
        return claims;
    }

    private JsonObject WithAll(string claims)
    {
        var all = TestIssuer.Claims(Now);
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
            all[name] = value?.DeepClone();
        return all;
    }

    private string Bad(string kind)
    {
        var good = _issuer.Token(TestIssuer.Claims(Now));
        var parts = good.Split('.');
        return kind switch
        {
            "alg none" => _issuer.Token(TestIssuer.Claims(Now), "none"),
            "alg None" => _issuer.Token(TestIssuer.Claims(Now), "None"),
            "alg missing" => $"{TestIssuer.Part("{\"kid\":\"k1\"}")}.{parts[1]}.{parts[2]}",
            "alg HS256 with the public key" => _issuer.Token(TestIssuer.Claims(Now), "HS256"),
            "key of another" => _other.Token(TestIssuer.Claims(Now)),
            "key in the token" => _other.Token(TestIssuer.Claims(Now), header: new JsonObject { ["jwk"] = _other.Jwk(), ["jku"] = "https://example.com/keys" }),
            "key that is not known" => _other.Token(TestIssuer.Claims(Now), header: new JsonObject { ["kid"] = "../../k1" }),
            "key of another kind" => _issuer.Token(TestIssuer.Claims(Now), header: new JsonObject { ["kid"] = "k1-ec" }),
            "payload changed" => $"{parts[0]}.{TestIssuer.Part(With("sub", "root").ToJsonString())}.{parts[2]}",
            "signature cut" => good[..^8],
            "signature empty" => $"{parts[0]}.{parts[1]}.",
            "issuer of another" => _issuer.Token(With("iss", "https://other.example.com")),
            "issuer missing" => _issuer.Token(With("iss", null)),
            "audience of another" => _issuer.Token(With("aud", "sho")),
            "audience missing" => _issuer.Token(With("aud", null)),
            "expired" => _issuer.Token(With("exp", Now.AddHours(-1).ToUnixTimeSeconds())),
            "without end" => _issuer.Token(With("exp", null)),
            "not yet valid" => _issuer.Token(With("nbf", Now.AddSeconds(60).ToUnixTimeSeconds())),
            "must understand" => _issuer.Token(TestIssuer.Claims(Now), header: new JsonObject { ["crit"] = new JsonArray("exp") }),
            "two parts" => $"{parts[0]}.{parts[1]}",
            "four parts" => good + "." + parts[2],
            "five parts" => $"{good}.{parts[1]}.{parts[2]}",
            "no base64" => $"{parts[0]}.!!!!.{parts[2]}",
            "no json" => $"{TestIssuer.Part("{\"alg\":")}.{parts[1]}.{parts[2]}",
            "a word" => "secret-word",
            _ => _issuer.Token(With("pad", new string('x', JwtAuthenticator.Longest))),
        };
    }

    private Task<HttpResponseMessage> Ask(string token, string path = "/id") => _frontend.Get(path, ("Authorization", "Bearer " + token));

    private static Task<string> Text(HttpResponseMessage answer) => answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
