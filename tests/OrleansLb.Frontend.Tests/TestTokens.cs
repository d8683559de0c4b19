using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Tests;

/// <summary>Authentication of an application: takes every token that says that it is valid, and leaves one that claims without proof unauthenticated.</summary>
internal sealed class TestTokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    internal static void AddTo(IServiceCollection services) =>
        services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, TestTokens>("Test", null);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.Authorization.ToString().Split(' ') switch
    {
        ["valid", { } name] => Success(name, authenticatedBy: Scheme.Name),
        ["unproven", { } name] => Success(name, authenticatedBy: null),
        _ => AuthenticateResult.Fail("The token is not valid."),
    });

    private AuthenticateResult Success(string name, string? authenticatedBy) => AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], authenticatedBy)), Scheme.Name));
}
