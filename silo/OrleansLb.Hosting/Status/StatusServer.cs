using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Status;

/// <summary>
/// A small web server of its own for health, metrics and status. It starts before every other part of the process and stops after them,
/// so that it answers while they start and drain.
/// </summary>
public sealed partial class StatusServer : IHostedLifecycleService, IAsyncDisposable
{
    private const int LargestBody = 1024 * 1024;

    private readonly StatusOptions _options;
    private readonly StatusUrl _url;
    private readonly IEnumerable<IStatusEndpoints> _endpoints;
    private readonly StatusAccess _access;
    private readonly RequestRecord _record;
    private readonly StatusCertificate? _certificate;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<StatusServer> _logger;
    private WebApplication? _application;

    /// <summary>Made by the host.</summary>
    /// <param name="options">Where to listen; validated.</param>
    /// <param name="endpoints">What to serve.</param>
    /// <param name="access">Says who may ask what.</param>
    /// <param name="record">Notes what came of requests.</param>
    /// <param name="certificate">The certificate to show, where it is spoken to over TLS.</param>
    /// <param name="loggers">Logging of the process.</param>
    internal StatusServer(StatusOptions options, IEnumerable<IStatusEndpoints> endpoints, StatusAccess access, RequestRecord record, StatusCertificate? certificate, ILoggerFactory loggers)
    {
        _options = options;
        _url = StatusUrl.Parse(options.Url)!;
        _endpoints = endpoints;
        _access = access;
        _record = record;
        _certificate = certificate;
        _loggers = loggers;
        _logger = loggers.CreateLogger<StatusServer>();
    }

    /// <summary>The address it listens on, with the port that the system chose for port 0; none before the start.</summary>
    public Uri? Address { get; private set; }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _application = Build();
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new StartupException($"the status server cannot listen: {exception.Message} Set {StatusOptions.SectionName}:{nameof(StatusOptions.Url)} to another address.", exception);
        }

        var listening = _application.Urls.First();
        Address = Uri.TryCreate(listening, UriKind.Absolute, out var address) ? address : null;
        LogListening(_logger, listening);
        SayWhatIsOpen(listening);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void SayWhatIsOpen(string listening)
    {
        if (_url.IsLoopback)
            return;
        if (_access.Tokens is null)
            LogClosed(_logger, listening);
        else if (!_url.IsHttps)
            LogTokensInClear(_logger, listening);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseUrls(_options.Url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
            if (_certificate is not null)
                kestrel.ConfigureHttpsDefaults(_certificate.ApplyTo);
        });
        AddServices(builder.Services);

        var application = builder.Build();
        application.UseMiddleware<SecurityHeadersMiddleware>();
        application.UseMiddleware<RequestRecordMiddleware>(_record);
        application.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = static exception => (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = static context => context.Exception is BadHttpRequestException,
        });
        application.UseStatusCodePages();
        application.UseMiddleware<RequestGuard>(_url.Name is { } name ? _options.AllowedHosts.Append(name) : _options.AllowedHosts);
        application.UseRouting();
        application.UseMiddleware<AccessGate>(_access);
        foreach (var endpoints in _endpoints)
            endpoints.Map(application);

        return application;
    }

    private void AddServices(IServiceCollection services)
    {
        services.AddRoutingCore();
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.MaxDepth = 32;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        services.AddSingleton<ILoggerFactory>(new StatusLoggers(_loggers));
        services.AddSingleton<IMeterFactory, UnexportedMeters>();
        services.IgnoreSignals();
    }
}
