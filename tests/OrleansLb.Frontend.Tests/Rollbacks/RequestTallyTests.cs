using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Reporting;
using OrleansLb.Frontend.Tests.Answers;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Rollbacks;

/// <summary>What a front-end counts for the question whether a configuration makes requests fail.</summary>
public sealed class RequestTallyTests : IAsyncLifetime
{
    private const string Rollback = "OrleansLb:Rollback:";
    private const string Cluster = "Clusters:app:";

    private readonly HttpClient _client = new();
    private WebApplication _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _backend = LoopbackHost.Create().Build();
        _backend.MapGet("/status/{status:int}", static (int status) => Results.StatusCode(status));
        await _backend.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData("app/status/200", 0)]
    [InlineData("app/status/302", 0)]
    [InlineData("app/status/404", 0)]
    [InlineData("app/status/429", 0)]
    [InlineData("app/status/500", 1)]
    [InlineData("app/status/503", 1)]
    [InlineData("dead/", 1)]
    [InlineData("nobody/", 1)]
    [InlineData("closed/", 0)]
    [InlineData("answered/", 0)]
    [InlineData("no-route", 0)]
    public Task Request_Ends_IsCounted(string path, int failed) => Ends(path, failed);

    [Theory]
    [InlineData("app/status/404", 0)]
    [InlineData("app/status/503", 1)]
    [InlineData("no-route", 1)]
    public Task Request_Ends_StatusesAreConfigured_IsCounted(string path, int failed) => Ends(path, failed, ($"{Rollback}FailureStatuses", "500-599,404"));

    [Theory]
    [InlineData("false")]
    [InlineData(null)]
    public async Task Rollback_IsOff_NothingIsCounted(string? enabled)
    {
        await using var frontend = await ConfiguredFrontend.Start(new FrontendHostOptions(), [.. Settings((Rollback + "Enabled", enabled))]);
        (await _client.GetAsync(new Uri(frontend.Http1, "app/status/500"), Cancellation)).Dispose();

        Assert.Null(Tallies(frontend).Report());
    }

    [Fact]
    public async Task Request_TakenUnderTheVersionBefore_IsNotCountedForTheNext()
    {
        await using var frontend = await ConfiguredFrontend.Start(new FrontendHostOptions(), [.. Settings()]);
        var before = Tallies(frontend).Current!;
        using var backend = new HeldBackend();
        await frontend.Apply([.. Settings(($"{Cluster}Destinations:a:Address", backend.Address))]);
        var held = Tallies(frontend).Current!;
        var asked = _client.GetAsync(new Uri(frontend.Http1, "app/"), Cancellation);
        await backend.IsAsked();

        await frontend.Apply([.. Settings()]);
        backend.Dispose();
        using var answer = await asked;

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.NotSame(before, held);
        await Eventually.Is(() => held.Report().Count is { Requests: 1, Failed: 1 });
        Assert.Equal((0, 0), (Tallies(frontend).Report()!.Count.Requests, before.Report().Count.Requests));
        Assert.True(Tallies(frontend).Report()!.Version > held.Report().Version);
    }

    [Fact]
    public async Task Keys_AreRotated_TheTallyGoesOn()
    {
        await using var frontend = await ConfiguredFrontend.Start(new FrontendHostOptions(), [.. Settings()]);
        var tally = Tallies(frontend).Current;

        await frontend.Apply(FrontendHost.Ring with { SigningKeyId = "k2" });

        Assert.Same(tally, Tallies(frontend).Current);
    }

    [Fact]
    public async Task Client_Leaves_IsNoFailure()
    {
        using var backend = new HeldBackend();
        await using var frontend = await ConfiguredFrontend.Start(new FrontendHostOptions(), [.. Settings(($"{Cluster}Destinations:a:Address", backend.Address))]);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asked = _client.GetAsync(new Uri(frontend.Http1, "app/"), leaving.Token);
        await backend.IsAsked();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.Is(() => Tallies(frontend).Report()!.Count is { Requests: 1, Failed: 0 });
    }

    private async Task Ends(string path, int failed, params (string Key, string? Value)[] settings)
    {
        await using var frontend = await ConfiguredFrontend.Start(new FrontendHostOptions(), [.. Settings(settings)]);
        (await _client.GetAsync(new Uri(frontend.Http1, path), Cancellation)).Dispose();

        // It is counted after its answer was sent.
        await Eventually.Is(() => Tallies(frontend).Report()!.Count.Requests == 1);
        await Eventually.Is(() => Tallies(frontend).Report()!.Count.Failed == failed);
    }

    private static RequestTallies Tallies(FrontendHost frontend) => frontend.Services.GetRequiredService<RequestTallies>();

    private IEnumerable<(string Key, string? Value)> Settings(params (string Key, string? Value)[] settings) => new Dictionary<string, string?>(
    [
        new(Rollback + "Enabled", "true"),
        new("Routes:app:ClusterId", "app"),
        new("Routes:app:Match:Path", "/app/{**rest}"),
        new("Routes:app:Transforms:0:PathRemovePrefix", "/app"),
        new($"{Cluster}Destinations:a:Address", _backend.Urls.First()),
        new("Routes:dead:ClusterId", "dead"),
        new("Routes:dead:Match:Path", "/dead/{**rest}"),
        new("Clusters:dead:Destinations:a:Address", "http://127.0.0.1:1/"),
        new("Routes:nobody:ClusterId", "nobody"),
        new("Routes:nobody:Match:Path", "/nobody/{**rest}"),
        new("Clusters:nobody", ""),
        new("Routes:closed:ClusterId", "closed"),
        new("Routes:closed:Match:Path", "/closed/{**rest}"),
        new("Clusters:closed:Destinations:a:Address", _backend.Urls.First()),
        new("Clusters:closed:OrleansLb:Maintenance:Enabled", "true"),
        new("Routes:answered:Match:Path", "/answered/{**rest}"),
        new("Routes:answered:OrleansLb:Response:Status", "503"),
    ]).Concat(settings.Select(static setting => KeyValuePair.Create(setting.Key, setting.Value))).GroupBy(static setting => setting.Key).Select(static setting => (setting.Key, setting.Last().Value)).Where(static setting => setting.Value is not null);
}
