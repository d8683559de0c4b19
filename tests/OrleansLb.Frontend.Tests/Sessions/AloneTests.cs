using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>Learned sessions at front-ends that never heard a silo.</summary>
public sealed class AloneTests : IDisposable
{
    private static readonly FrontendHostOptions Options = new()
    {
        Affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterSession", AffinityKeyName = "X-Session" },
        Session = new SessionDefinition { Source = "Header", Name = "X-Session" },
    };

    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task UnknownSessions_GoToTheSameBackendThroughEveryFrontend()
    {
        await using var a = await Backend.Start("a");
        await using var b = await Backend.Start("b");
        await using var c = await Backend.Start("c");
        await using var first = await FrontendHost.Start(Options, a, b, c);
        await using var second = await FrontendHost.Start(Options, a, b, c);
        var seen = new HashSet<string>();
        for (var number = 0; number < 30; number++)
        {
            var place = await Ask(first, $"s{number}");
            Assert.Equal(place, await Ask(second, $"s{number}"));
            seen.Add(place);
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public async Task NoHeader_IsBalanced()
    {
        await using var a = await Backend.Start("a");
        await using var b = await Backend.Start("b");
        await using var frontend = await FrontendHost.Start(Options, a, b);
        var answers = new HashSet<string>();
        for (var number = 0; number < 10; number++)
            answers.Add(await _client.GetStringAsync(new Uri(frontend.Http1, "/id"), TestContext.Current.CancellationToken));

        Assert.Equal(2, answers.Count);
    }

    private async Task<string> Ask(FrontendHost frontend, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/id"));
        request.Headers.Add("X-Session", session);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
