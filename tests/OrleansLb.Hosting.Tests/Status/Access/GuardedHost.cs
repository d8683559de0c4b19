using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Status.Access;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Hosting.Tests.Status.Access;

/// <summary>A process whose status server others could reach, with a clock of the test's.</summary>
internal sealed class GuardedHost : IAsyncDisposable
{
    private readonly StatusHost _host;
    private readonly MetricCollector<long> _rejected;

    private GuardedHost(StatusHost host, FakeTimeProvider clock)
    {
        (_host, Clock) = (host, clock);
        _rejected = new MetricCollector<long>(host.Application.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), RejectionCounter.MeterName, "orleanslb.rejected");
    }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client => _host.Client;

    /// <summary>What was refused since the last time it was asked for, by reason.</summary>
    public IReadOnlyList<string> Rejected
    {
        get
        {
            var found = _rejected.GetMeasurementSnapshot(clear: true);
            Assert.All(found, static one => Assert.Equal(("admin", 1L), ((string)one.Tags["surface"]!, one.Value)));
            return [.. found.Select(static one => (string)one.Tags["reason"]!)];
        }
    }

    public IReadOnlyList<FakeLogRecord> Log => _host.Application.Services.GetFakeLogCollector().GetSnapshot();

    public static async Task<GuardedHost> Start(params string[] settings)
    {
        var clock = new FakeTimeProvider();
        var host = await StatusHost.StartAsync(
            services =>
            {
                services.AddKeyedSingleton<TimeProvider>(Clocks.Key, clock);
                services.AddSingleton<IStatusEndpoints, GuardedEndpoints>();
                services.AddFakeLogging();
            },
            ["--OrleansLb:Status:Url=http://0.0.0.0:0", "--Logging:LogLevel:OrleansLb=Information", .. settings]);
        return new GuardedHost(host, clock);
    }

    public T Service<T>()
        where T : notnull => _host.Application.Services.GetRequiredService<T>();

    /// <summary>Has the file of tokens looked at until what it holds counts.</summary>
    public void LookAtTokens()
    {
        var tokens = Service<StatusAccess>().Tokens!;
        tokens.Look();
        tokens.Look();
    }

    public Task<HttpResponseMessage> Send(string method, string path, string? token = null, string? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = body?.Length > 1024;
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> Status(string method, string path, string? token = null, string? body = null)
    {
        using var response = await Send(method, path, token, body);
        return response.StatusCode;
    }

    public ValueTask DisposeAsync()
    {
        _rejected.Dispose();
        return _host.DisposeAsync();
    }
}
