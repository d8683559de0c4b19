using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Hosting.Status;

/// <summary>
/// A small web server of its own for health, metrics and status. It starts before every other part of the process and stops after them,
/// so that it answers while they start and drain.
/// </summary>
public sealed partial class StatusServer : IHostedLifecycleService, IAsyncDisposable
{
    private const int LargestBody = 1024 * 1024;

    private readonly IOptions<StatusOptions> _options;
    private readonly IEnumerable<IStatusEndpoints> _endpoints;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<StatusServer> _logger;
    private WebApplication? _application;

    /// <summary>Made by the host.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="endpoints">What to serve.</param>
    /// <param name="loggers">Logging of the process.</param>
    public StatusServer(IOptions<StatusOptions> options, IEnumerable<IStatusEndpoints> endpoints, ILoggerFactory loggers)
    {
        _options = options;
        _endpoints = endpoints;
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
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(_options.Value.Url).ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        });
        AddServices(builder.Services);

        var application = builder.Build();
        application.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = static exception => (exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = static context => context.Exception is BadHttpRequestException,
        });
        application.UseStatusCodePages();
        application.UseMiddleware<RequestGuard>(_options.Value.AllowedHosts);
        application.UseRouting();
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
