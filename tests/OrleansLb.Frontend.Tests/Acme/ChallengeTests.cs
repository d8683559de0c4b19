using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Acme;
using OrleansLb.Frontend.Http.Acme;
using OrleansLb.Frontend.Tests.Answers;

namespace OrleansLb.Frontend.Tests.Acme;

/// <summary>What authorities ask of a front-end, and what strangers do by the same path.</summary>
public sealed class ChallengeTests : IAsyncLifetime
{
    private const string Route = "Routes:app:";
    private const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private const string Answer = Token + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    // What it can answer is what a test says, and no configuration takes it away.
    private static readonly FrontendHostOptions Unfollowing = new()
    {
        Services = static services => services.Remove(services.Single(static one => one.ImplementationType == typeof(AcmeFollower))),
    };

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private Backend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await Backend.Start();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData(Route + "OrleansLb:Redirect:Scheme", "https", HttpStatusCode.Found)]
    [InlineData(Route + "OrleansLb:Access:Allow:0", "10.0.0.0/8", HttpStatusCode.Forbidden)]
    [InlineData("Clusters:app:OrleansLb:Maintenance:Enabled", "true", HttpStatusCode.ServiceUnavailable)]
    public async Task Challenge_OfTheCluster_IsAnsweredWhateverBecomesOfOthers(string key, string value, HttpStatusCode others)
    {
        await using var frontend = await Frontend((key, value), (Route + "ClusterId", key.EndsWith("Scheme", StringComparison.Ordinal) ? null : "app"));
        using var counted = frontend.Collect(ChallengeMetrics.MeterName, "orleanslb.acme.answers");

        using var answer = await _client.GetAsync(At(frontend, Token), Cancellation);
        using var other = await _client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);

        Assert.Equal((HttpStatusCode.OK, Answer), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(("application/octet-stream", "no-store"), (answer.Content.Headers.ContentType!.ToString(), $"{answer.Headers.CacheControl}"));
        Assert.Equal(others, other.StatusCode);
        Assert.Equal(1, Assert.Single(counted.GetMeasurementSnapshot()).Value);
        Assert.Equal(0, _backend.Requests);
    }

    [Fact]
    public async Task Challenge_OfWhoeverIsBehindUs_GoesThere()
    {
        await using var frontend = await Frontend();

        foreach (var path in new[] { "another-token", Token + "/", Token[1..], Token.ToLowerInvariant(), "" })
        {
            using var answer = await _client.GetAsync(At(frontend, path), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var post = await _client.PostAsync(At(frontend, Token), content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        Assert.Equal(6, _backend.Requests);
    }

    [Fact]
    public async Task Challenge_Head_SaysTheLengthAlone()
    {
        await using var frontend = await Frontend();

        using var answer = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, At(frontend, Token)), Cancellation);

        Assert.Equal((HttpStatusCode.OK, Answer.Length), (answer.StatusCode, answer.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Challenge_IsOver_GoesToTheBackend()
    {
        await using var frontend = await Frontend();

        frontend.Services.GetRequiredService<ChallengeBook>().Take(new AcmeChallenges("2", ImmutableDictionary<string, string>.Empty));

        using var answer = await _client.GetAsync(At(frontend, Token), Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, 1), (answer.StatusCode, _backend.Requests));
    }

    private static Uri At(FrontendHost frontend, string token) => new(frontend.Http1, "/.well-known/acme-challenge/" + token);

    private async Task<FrontendHost> Frontend(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            [Route + "ClusterId"] = "app",
            [Route + "Match:Path"] = "/{**rest}",
            ["Clusters:app:Destinations:a:Address"] = _backend.Address,
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        var frontend = await ConfiguredFrontend.Start(Unfollowing, [.. all.Where(static setting => setting.Value is not null).Select(static setting => (setting.Key, setting.Value))]);
        frontend.Services.GetRequiredService<ChallengeBook>().Take(new AcmeChallenges("1", ImmutableDictionary<string, string>.Empty.Add(Token, Answer)));
        return frontend;
    }
}
