using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Hosting;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>
/// Puts answers of our own before or in the place of what YARP does at the endpoint of a route. An endpoint is made once for each configuration of its route, so that requests of routes without such answers
/// do not notice that there are any.
/// </summary>
internal sealed class AnsweringEndpoints(PageLibrary pages, AnswerMetrics metrics, RequestNotes notes)
{
    /// <summary>What requests of routes without a cluster go through.</summary>
    /// <param name="application">The application.</param>
    public static RequestDelegate Entrance(WebApplication application) => Entrance(application, pipeline => pipeline.UseAdmission(application));

    /// <summary>What they go through that are only told to come by another scheme. Whoever comes in plain text is not asked for a password there, and learns nothing that he has not said.</summary>
    /// <param name="application">The application.</param>
    public static RequestDelegate OpenEntrance(WebApplication application) => Entrance(application, static pipeline => pipeline.UseAdmissionOfAnybody());

    /// <summary>Changes an endpoint, if its route has an answer of its own.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="entrance">What <see cref="Entrance(WebApplication)"/> made.</param>
    /// <param name="openEntrance">What <see cref="OpenEntrance"/> made.</param>
    public void Change(EndpointBuilder endpoint, RequestDelegate entrance, RequestDelegate openEntrance)
    {
        var route = endpoint.Metadata.OfType<RouteModel>().Single();
        if (route.Config.Metadata is not { } metadata)
            return;
        if (metadata.TryGetValue(RouteMetadataKeys.Unavailable, out var unavailable))
            endpoint.RequestDelegate = new OutagePage(route.Config.RouteId, PageOf(unavailable), metrics, endpoint.RequestDelegate!).Invoke;
        if (metadata.TryGetValue(RouteMetadataKeys.Maintenance, out var maintenance))
            endpoint.RequestDelegate = GateOf(route.Config.RouteId, MaintenanceDefinition.Parse(maintenance), endpoint.RequestDelegate!).Invoke;
        if (metadata.TryGetValue(RouteMetadataKeys.Redirect, out var redirect))
        {
            var definition = RedirectDefinition.Parse(redirect);
            endpoint.RequestDelegate = Redirected(route, new Redirect(route.Config.RouteId, definition, metrics, notes), definition.Unless is null ? entrance : openEntrance, endpoint.RequestDelegate!);
        }

        if (metadata.TryGetValue(RouteMetadataKeys.Response, out var response))
            endpoint.RequestDelegate = Answered(route, new FixedResponse(route.Config.RouteId, PageOf(response), metrics, notes), entrance);
    }

    private static RequestDelegate Entrance(IEndpointRouteBuilder application, Action<IApplicationBuilder> admit)
    {
        var pipeline = application.CreateApplicationBuilder();
        admit(pipeline);
        pipeline.Run(static context => context.Features.GetRequiredFeature<IRouteAnswer>().Send(context));
        return pipeline.Build();
    }

    private static RequestDelegate Redirected(RouteModel route, Redirect redirect, RequestDelegate entrance, RequestDelegate proxy)
    {
        var answered = Answered(route, redirect, entrance);
        return route.Cluster is null ? answered : context => redirect.IsThere(context) ? proxy(context) : answered(context);
    }

    private static RequestDelegate Answered(RouteModel route, IRouteAnswer answer, RequestDelegate entrance) => context =>
    {
        context.Features.Set<IReverseProxyFeature>(new ReverseProxyFeature { Route = route });
        context.Features.Set(answer);
        return entrance(context);
    };

    private MaintenanceGate GateOf(string route, MaintenanceDefinition definition, RequestDelegate proxy) => new(route, definition, new Page(definition.Page, pages), metrics, notes, proxy);

    private Page PageOf(string text) => new(PageDefinition.Parse(text), pages);
}
