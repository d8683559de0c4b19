using System.Net;
using System.Text;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Users and passwords.</summary>
public sealed class BasicTests : IAsyncDisposable
{
    // From the documentation of Apache's htpasswd.
    private const string Known = "myName:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC";

    private readonly GuardedFrontend _frontend = new();

    public ValueTask DisposeAsync() => _frontend.DisposeAsync();

    [Theory]
    [InlineData("myName", "myPassword")]
    [InlineData("otto", "a:b:c")]
    [InlineData("j\u00f6rg", "\u00fcber")]
    [InlineData("empty", "")]
    public async Task User_WhoKnowsThePassword_IsLetInAndTheBackendIsToldWho(string user, string password)
    {
        _frontend["ForwardUser"] = "X-User";
        await Start(Known, Line("otto", "a:b:c"), "# a comment", "", Line("j\u00f6rg", "\u00fcber"), Line("empty", ""));
        using var answer = await _frontend.Get("/fields/X-User", ("Authorization", Basic($"{user}:{password}")), ("X-User", "root"));
        Assert.Equal(Uri.EscapeDataString(user), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal([(GuardedFrontend.Policy, "accepted")], _frontend.Decisions);
    }

    [Theory]
    [InlineData("myName:mypassword", "password")]
    [InlineData("myname:myPassword", "password")]
    [InlineData("nobody:myPassword", "password")]
    [InlineData("myName:", "password")]
    [InlineData("myName:myPassword\0", "malformed")]
    [InlineData("my\tName:myPassword", "malformed")]
    [InlineData("myName", "malformed")]
    [InlineData(":myPassword", "malformed")]
    [InlineData("", "missing")]
    public async Task User_WhoDoesNot_IsRefused(string pair, string outcome)
    {
        await Start(Known);
        using var answer = await _frontend.Get("/id", ("Authorization", Basic(pair)));
        await _frontend.IsRefused(answer, 401, outcome, "unauthorized");
        Assert.Equal("Basic realm=\"staff\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.DoesNotContain("myPassword", await _frontend.AllLogs(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Basic bXlOYW1lOm15UGFzc3dvcmQ", "malformed")]
    [InlineData("Basic !!!!", "malformed")]
    [InlineData("Basic /////w==", "malformed")]
    [InlineData("Basic bXlOYW1lOm15UGFzc3dvcmQ= x", "malformed")]
    [InlineData("Bearer bXlOYW1lOm15UGFzc3dvcmQ=", "missing")]
    [InlineData("bXlOYW1lOm15UGFzc3dvcmQ=", "missing")]
    public async Task Header_ThatIsNone_IsRefused(string header, string outcome)
    {
        await Start(Known);
        using var answer = await _frontend.Get("/id", ("Authorization", header));
        await _frontend.IsRefused(answer, 401, outcome, "unauthorized");
    }

    [Fact]
    public async Task Header_ThatIsTooLong_IsRefused()
    {
        await Start(Known);
        using var answer = await _frontend.Get("/id", ("Authorization", Basic("myName:" + new string('x', 2000))));
        await _frontend.IsRefused(answer, 401, "malformed", "unauthorized");
    }

    [Fact]
    public async Task Request_WithoutAny_IsAskedForThemInTheNameOfTheRealm()
    {
        _frontend["Realm"] = "Back office";
        await Start(Known);
        using var answer = await _frontend.Get("/id");
        await _frontend.IsRefused(answer, 401, "missing", "unauthorized");
        Assert.Equal("Basic realm=\"Back office\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task File_IsReplaced_NewPasswordsCountAndOldOnesDoNot_AndADamagedOneChangesNothing()
    {
        await Start(Known);
        Assert.Equal(HttpStatusCode.OK, await StatusOf("myName:myPassword"));
        _frontend.Write("users", Line("myName", "other") + "\n");
        await Eventually.Is(async () => await StatusOf("myName:other") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf("myName:myPassword"));

        _frontend.Write("users", Line("myName", "other") + "\nmyName2:secret\n");
        await Eventually.Is(() =>
        {
            _frontend.LookAtFiles();
            return _frontend.Log.Any(static record => record.Id.Id == 3181);
        });
        Assert.Equal(HttpStatusCode.OK, await StatusOf("myName:other"));
        Assert.Contains(_frontend.Log, static record => record.Id.Id == 3181 && record.Message.Contains("line 2 of ", StringComparison.Ordinal) && !record.Message.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("https://127.0.0.1:0", false)]
    public async Task Start_WherePasswordsCanBeRead_Warns(string urls, bool warns)
    {
        using var authority = new OrleansLb.Testing.Certificates.TestAuthority();
        var server = authority.Server("example.com");
        _frontend.Set("OrleansLb:Frontend:Urls", urls);
        if (!warns)
        {
            _frontend.Set("OrleansLb:Frontend:Tls:Certificates:a:Certificate", _frontend.Write("a.pem", server.ChainPem));
            _frontend.Set("OrleansLb:Frontend:Tls:Certificates:a:Key", _frontend.Write("a.key", server.KeyPem));
        }

        await Start(new FrontendHostOptions { AuthorizationPolicy = GuardedFrontend.Policy, Listeners = [] }, Known);
        Assert.Equal(warns, _frontend.Log.Any(static record => record.Id.Id == 3183));
    }

    private Task Start(params string[] lines) => Start(new FrontendHostOptions { AuthorizationPolicy = GuardedFrontend.Policy }, lines);

    private Task Start(FrontendHostOptions options, params string[] lines)
    {
        _frontend["Type"] = "Basic";
        _frontend["File"] = _frontend.Write("users", string.Join("\r\n", lines));
        return _frontend.Start(options);
    }

    private async Task<HttpStatusCode> StatusOf(string pair)
    {
        _frontend.LookAtFiles();
        using var answer = await _frontend.Get("/id", ("Authorization", Basic(pair)));
        return answer.StatusCode;
    }

    private static string Line(string user, string password) => $"{user}:{BCrypt.Net.BCrypt.HashPassword(password, 4)}";

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
}
