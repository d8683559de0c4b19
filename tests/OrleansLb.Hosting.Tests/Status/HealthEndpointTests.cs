using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status;

public class HealthEndpointTests
{
    private readonly SwitchedCheck _check = new();

    [Theory]
    [InlineData("/readyz", "readyz")]
    [InlineData("/healthz", "readyz")]
    [InlineData("/health/ready", "readyz")]
    public async Task Readyz_CheckFails_Is503NamingItAndOkOnceItHolds(string path, string name)
    {
        await using var host = await StartAsync();

        using var failing = await GetAsync(host, path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failing.StatusCode);
        Assert.Equal($"[+]start ok: started\n[+]drain ok: not draining\n[-]switch failed: off\n{name} check failed\n", await TextAsync(failing));

        _check.Holds = true;
        using var holding = await GetAsync(host, path);
        Assert.Equal(HttpStatusCode.OK, holding.StatusCode);
        Assert.Equal("ok\n", await TextAsync(holding));
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/health/live")]
    [InlineData("/startupz")]
    [InlineData("/health/startup")]
    public async Task Others_CheckFails_AreOk(string path)
    {
        await using var host = await StartAsync();

        using var response = await GetAsync(host, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Readyz_Verbose_ListsChecks()
    {
        _check.Holds = true;
        await using var host = await StartAsync();

        using var response = await GetAsync(host, "/readyz?verbose");

        Assert.Equal("[+]start ok: started\n[+]drain ok: not draining\n[+]switch ok: on\nreadyz check passed\n", await TextAsync(response));
    }

    [Fact]
    public async Task Readyz_JsonAsked_IsJson()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/readyz") { Headers = { { "Accept", "application/json" } } };

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var report = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.False(report.GetProperty("ready").GetBoolean());
        Assert.Equal("switch", report.GetProperty("checks")[2].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Readyz_Head_HasNoBody()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/readyz");

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(await TextAsync(response));
    }

    [Fact]
    public async Task Readyz_Draining_Is503WhileLivezIsOk()
    {
        _check.Holds = true;
        await using var host = await StartAsync();

        host.Application.Services.GetRequiredService<DrainState>().TryBegin(null);

        using var readyz = await GetAsync(host, "/readyz");
        using var livez = await GetAsync(host, "/livez");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readyz.StatusCode);
        Assert.Equal(HttpStatusCode.OK, livez.StatusCode);
    }

    [Fact]
    public async Task StatusServer_OtherServicesStartAndStop_AnswersThroughout()
    {
        var observer = new Observer();
        var application = StatusHost.Build(services =>
        {
            services.AddSingleton(observer);
            services.AddSingleton<IHostedService>(provider =>
            {
                observer.Server = provider.GetRequiredService<StatusServer>();
                return observer;
            });
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        await application.StopAsync(TestContext.Current.CancellationToken);
        await application.DisposeAsync();

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], observer.Seen);
    }

    private Task<StatusHost> StartAsync() => StatusHost.StartAsync(services => services.AddSingleton<IReadinessCheck>(_check));

    private static Task<HttpResponseMessage> GetAsync(StatusHost host, string path) => host.Client.GetAsync(path, TestContext.Current.CancellationToken);

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private sealed class Observer : IHostedService
    {
        public StatusServer? Server { get; set; }

        public List<HttpStatusCode> Seen { get; } = [];

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await LookAsync("/livez", cancellationToken);
            await LookAsync("/startupz", cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => LookAsync("/livez", cancellationToken);

        private async Task LookAsync(string path, CancellationToken cancellationToken)
        {
            using var client = new HttpClient { BaseAddress = Server!.Address };
            using var response = await client.GetAsync(path, cancellationToken);
            Seen.Add(response.StatusCode);
        }
    }
}
