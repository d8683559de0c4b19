using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Health;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>What the forwarder of a front-end said of each request that failed.</summary>
internal sealed class ErrorLog : IStartupFilter
{
    private readonly ConcurrentQueue<IForwarderErrorFeature> _errors = [];

    internal int Count => _errors.Count;

    internal (ForwarderError Error, ForwardingFailure Failure) Only
    {
        get
        {
            var error = Assert.Single(_errors);
            return (error.Error, ForwardingFailures.Classify(error));
        }
    }

    internal IEnumerable<ForwarderError> Errors => _errors.Select(static error => error.Error);

    /// <summary>How many are laid to the backend.</summary>
    internal int CountOfBackend => _errors.Count(static error => ForwardingFailures.IsOfBackend(error.Error, answered: false) || ForwardingFailures.Classify(error) != ForwardingFailure.None);

    internal FrontendHostOptions Of(string forwarder) => new()
    {
        Settings = new Dictionary<string, string?> { ["OrleansLb:Frontend:Forwarder"] = forwarder },
        Services = services => services.AddSingleton<IStartupFilter>(this),
    };

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use(Note);
        next(application);
    };

    private async Task Note(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is { } error)
            _errors.Enqueue(error);
    }
}
