using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Tests.AccessLog;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>A front-end whose only route has a policy, the policy's files in a folder, and a backend behind it.</summary>
internal sealed class GuardedFrontend : IAsyncDisposable
{
    /// <summary>Name of the policy.</summary>
    public const string Policy = "staff";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-auth");
    private readonly AccessLogFile _log = new();
    private readonly Dictionary<string, string?> _settings;
    private FrontendHost? _host;
    private MetricCollector<long>? _rejected;
    private MetricCollector<long>? _decided;
    private int _lines;

    public GuardedFrontend() => _settings = _log.Settings;

    public Backend Backend { get; private set; } = null!;

    public FrontendHost Host => _host!;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Why requests were refused.</summary>
    public IEnumerable<string> Rejections => _rejected!.GetMeasurementSnapshot().Select(static measurement => (string)measurement.Tags["reason"]!);

    /// <summary>What came of asking who it is.</summary>
    public IEnumerable<(string, string)> Decisions => _decided!.GetMeasurementSnapshot().Select(static measurement => ((string)measurement.Tags["policy"]!, (string)measurement.Tags["outcome"]!));

    public IReadOnlyList<FakeLogRecord> Log => Host.Services.GetFakeLogCollector().GetSnapshot();

    /// <summary>Sets what is configured of the policy.</summary>
    public string? this[string key]
    {
        set => _settings[$"{EdgeAuthenticationOptions.SectionName}:Policies:{Policy}:{key}"] = value;
    }

    /// <summary>Sets what is configured of the rest.</summary>
    public void Set(string key, string? value) => _settings[key] = value;

    /// <summary>Replaces a file by a rename.</summary>
    public string Write(string file, string content)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path + ".new", content);
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    public async Task Start(FrontendHostOptions? options = null)
    {
        Backend = await Backend.Start();
        _host = await FrontendHost.Start((options ?? new FrontendHostOptions { AuthorizationPolicy = Policy }) with { Settings = _settings, Services = static services => services.AddFakeLogging() }, Backend);
        var meters = _host.Services.GetRequiredService<IMeterFactory>();
        _rejected = new MetricCollector<long>(meters, RejectionMetrics.MeterName, "orleanslb.rejected");
        _decided = new MetricCollector<long>(meters, AuthenticationMetrics.MeterName, "orleanslb.auth.decisions");
    }

    /// <summary>Sends a request with headers, each as it is.</summary>
    public Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, headers);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Host.Http1, path));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        _lines++;
        return answer;
    }

    /// <summary>That the last request was refused before a backend heard of it, and that it is said everywhere why.</summary>
    public async Task IsRefused(HttpResponseMessage answer, int status, string outcome, string end)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal((Policy, outcome), Decisions.Last());
        Assert.Equal("auth." + outcome, Rejections.Last());
        Assert.Equal((end, "auth." + outcome), await LastReason());
        Assert.Equal((0, 0), (Backend.Requests, Backend.Connections));
    }

    /// <summary>All that was written of requests, and by the process.</summary>
    public async Task<string> AllLogs() => string.Join('\n', (await _log.Lines(Host.Services, _lines)).Concat(Log.Select(static record => record.Message + record.Exception)));

    /// <summary>Lets time pass until files are looked at and something has come of it.</summary>
    public void LookAtFiles() => Host.Clock.Advance(AuthenticationWatcher.Period);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _rejected?.Dispose();
        _decided?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        if (Backend is not null)
            await Backend.DisposeAsync();
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<(string?, string?)> LastReason()
    {
        var line = await _log.Last(Host.Services, _lines);
        return (Text(line, "reason"), Text(line, "detail"));
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}
