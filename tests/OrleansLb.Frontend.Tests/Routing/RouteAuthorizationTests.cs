using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Tests.Routing;

/// <summary>Requests are authorized where a route asks for it, and where everybody has to be.</summary>
public sealed class RouteAuthorizationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData(null, "alice", HttpStatusCode.OK)]
    [InlineData("Default", null, HttpStatusCode.Unauthorized)]
    [InlineData("Default", "alice", HttpStatusCode.OK)]
    [InlineData("Anonymous", null, HttpStatusCode.OK)]
    public async Task Route_WithPolicy_AsksWhoItIs(string? policy, string? user, HttpStatusCode expected) =>
        Assert.Equal(expected, await Ask(new FrontendHostOptions { AuthorizationPolicy = policy, Services = AddNames }, user));

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("alice", HttpStatusCode.OK)]
    public async Task Process_WithAPolicyForEverybody_AsksOnRoutesWithout(string? user, HttpStatusCode expected) => Assert.Equal(expected, await Ask(
        new FrontendHostOptions
        {
            Services = static services =>
            {
                AddNames(services);
                services.AddAuthorization(static options => options.FallbackPolicy = options.DefaultPolicy);
            },
        },
        user));

    private static async Task<HttpStatusCode> Ask(FrontendHostOptions options, string? user)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(options, backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        if (user is not null)
            client.DefaultRequestHeaders.Add("X-User", user);
        using var answer = await client.GetAsync("/id", Cancellation);
        return answer.StatusCode;
    }

    private static void AddNames(IServiceCollection services) => services.AddAuthentication("name").AddScheme<AuthenticationSchemeOptions, NameHandler>("name", null);

    /// <summary>Believes whatever name it is told.</summary>
    private sealed class NameHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var name = Request.Headers["X-User"].ToString();
            return Task.FromResult(name.Length == 0
                ? AuthenticateResult.NoResult()
                : AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name)), Scheme.Name)));
        }
    }
}
