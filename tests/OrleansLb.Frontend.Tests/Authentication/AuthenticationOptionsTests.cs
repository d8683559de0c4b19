using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>A front-end whose policies are not in order does not start, and says which keys are wrong.</summary>
public sealed class AuthenticationOptionsTests : IAsyncDisposable
{
    private readonly GuardedFrontend _frontend = new();

    public ValueTask DisposeAsync() => _frontend.DisposeAsync();

    [Theory]
    [InlineData("Policies:staff:Type: it is none of Jwt, Basic, Forward, ClientCertificate")]
    [InlineData("Policies:staff:File: it is missing", "Type=Basic")]
    [InlineData("Policies:staff:File: Could not find file", "Type=Basic", "File=/nowhere/users")]
    [InlineData("Policies:staff:Realm: it has more than printable ASCII", "Type=Basic", "Realm=a\"b")]
    [InlineData("Policies:staff:Issuer: it is for the type Jwt, and this policy is of Basic", "Type=Basic", "Issuer=x")]
    [InlineData("Policies:staff:ForwardUser: 'Host' is not the name of a header that may be set", "Type=Basic", "ForwardUser=Host")]
    [InlineData("Policies:staff:ForwardUser: 'X_User' is not the name of a header that may be set", "Type=Basic", "ForwardUser=X_User")]
    [InlineData("Policies:staff:Authority: one of it and KeySet is needed", "Type=Jwt")]
    [InlineData("Policies:staff:Authority: it is asked without TLS", "Type=Jwt", "Authority=http://issuer.example.com")]
    [InlineData("Policies:staff:Authority: 'issuer' is not an absolute address", "Type=Jwt", "Authority=issuer")]
    [InlineData("Policies:staff:Audiences: one is needed", "Type=Jwt", "Authority=https://issuer.example.com")]
    [InlineData("Policies:staff:Issuer: it is needed", "Type=Jwt", "KeySet=/nowhere/keys")]
    [InlineData("Policies:staff:KeySet: Could not find file", "Type=Jwt", "KeySet=/nowhere/keys")]
    [InlineData("Policies:staff:Algorithms: 'none' is none of RS256", "Type=Jwt", "Algorithms:0=none")]
    [InlineData("Policies:staff:ClockSkew: 01:00:00 is not between", "Type=Jwt", "ClockSkew=01:00:00")]
    [InlineData("Policies:staff:KeySetRefresh: 00:00:01 is not between", "Type=Jwt", "KeySetRefresh=00:00:01")]
    [InlineData("Policies:staff:Address: 'auth/check' is not an absolute http or https address", "Type=Forward", "Address=auth/check")]
    [InlineData("Policies:staff:AnswerHeaders: 'X-Forwarded-For' is not the name of a header that may be set", "Type=Forward", "AnswerHeaders:0=X-Forwarded-For")]
    [InlineData("Policies:staff:RequestHeaders: 'Transfer-Encoding' is not", "Type=Forward", "RequestHeaders:0=Transfer-Encoding")]
    [InlineData("Policies:staff:ForwardUser: whoever is asked says it by AnswerHeaders", "Type=Forward", "ForwardUser=X-User")]
    [InlineData("Policies:staff:Timeout: 00:10:00 is not between", "Type=Forward", "Timeout=00:10:00")]
    [InlineData("Policies:staff:MaxConnections: 0 is not between", "Type=Forward", "MaxConnections=0")]
    [InlineData("Policies:staff:Type: clients are asked for certificates only where OrleansLb:Frontend:Tls:ClientCertificates:Mode says so", "Type=ClientCertificate")]
    [InlineData("Default: there is no policy 'nobody'", "Type=Basic", "/Default=nobody")]
    [InlineData("Policies:Anonymous: the word has a meaning of its own", "/Policies:Anonymous:Type=Basic")]
    public async Task Start_Mistake_IsSaidAtItsKey(string mistake, params string[] settings)
    {
        _frontend["ForwardUser"] = null;
        foreach (var setting in settings.Select(static setting => setting.Split('=', 2)))
        {
            if (setting[0][0] == '/')
                _frontend.Set("OrleansLb:Frontend:Authentication:" + setting[0][1..], setting[1]);
            else
                _frontend[setting[0]] = setting[1];
        }

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => _frontend.Start());
        Assert.Contains(refused.Failures, failure => failure.StartsWith("OrleansLb:Frontend:Authentication:" + mistake, StringComparison.Ordinal));
    }
}
