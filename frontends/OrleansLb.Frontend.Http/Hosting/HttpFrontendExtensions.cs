using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Hosting;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Acme;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Answers;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Frontend.Http.Circuits;
using OrleansLb.Frontend.Http.Concurrency;
using OrleansLb.Frontend.Http.Cors;
using OrleansLb.Frontend.Http.Draining;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Http.Hedging;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Http.LoadReports;
using OrleansLb.Frontend.Http.Mirroring;
using OrleansLb.Frontend.Http.Outcomes;
using OrleansLb.Frontend.Http.Overload;
using OrleansLb.Frontend.Http.Rebalancing;
using OrleansLb.Frontend.Http.Refusals;
using OrleansLb.Frontend.Http.Retries;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Frontend.Http.Timeouts;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Frontend.Http.Tracing;
using OrleansLb.Frontend.Http.Variants;
using OrleansLb.Frontend.Http.WebSockets;
using OrleansLb.Frontend.Snapshots;
using OrleansLb.Hosting.Lifetime;
using OrleansLb.Hosting.Status;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.SessionAffinity;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Adds the HTTP front-end to an ASP.NET Core application.</summary>
public static class HttpFrontendExtensions
{
    /// <summary>Adds YARP with the cluster's policies, listening where <see cref="HttpFrontendOptions.Urls"/> says.</summary>
    /// <param name="builder">Builder of the application; the link to the cluster is added apart, before.</param>
    public static WebApplicationBuilder AddOrleansLbHttpFrontend(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<HttpFrontendOptions>()
            .Bind(builder.Configuration.GetSection(HttpFrontendOptions.SectionName))
            .Configure(options => options.AddTrustedProxies(builder.Configuration[$"{HttpFrontendOptions.SectionName}:{nameof(HttpFrontendOptions.TrustedProxies)}"]))
            .Configure(options => options.AddProxyProtocol(builder.Configuration[$"{HttpFrontendOptions.SectionName}:{nameof(HttpFrontendOptions.ProxyProtocol)}"]))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        var urls = UrlsIn(builder.Configuration);
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        builder.WebHost.UseUrls(addresses);
        builder.Services.AddClusterCertificates();
        builder.AddTls(addresses);
        builder.AddEdgeAuthentication();
        builder.Services.AddRouteCors(builder.Configuration);
        if (builder.Configuration.GetValue($"{HttpFrontendOptions.SectionName}:{nameof(HttpFrontendOptions.InlineCompletions)}", defaultValue: true))
            builder.InlineSocketCompletions();
        builder.Services.AddOrleansLbFrontend(builder.Configuration, DefaultId(urls));
        HttpListenerDefaults.BeStrict();
        builder.Services.Configure<KestrelServerOptions>(HttpListenerDefaults.Apply);
        builder.Services.AddReverseProxy().AddConfigFilter<AvailableDestinationsDefault>().AddConfigFilter<RouteTimeoutFilter>().AddConfigFilter<RoutePolicyFilter>().AddTransforms<AnswerObserver>().AddTransforms<LoadReportTransforms>();
        builder.Services.AddSingleton<LoadReportMetrics>();
        builder.Services.AddClusterRoutes();
        builder.Services.AddRouteAnswers();
        builder.Services.AddMirroring();
        builder.AddRefusals();
        // That of the process, where it has one.
        builder.Services.TryAddSingleton<DrainState>();
        builder.Services.AddSingleton<OpenWebSockets>();
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<OpenWebSockets>());
        builder.Services.AddSingleton<RebalanceMetrics>();
        builder.Services.AddHostedService<ConnectionRebalancer>();
        builder.Services.AddAccessLog(builder.Configuration);
        builder.Services.AddOverloadProtection();
        builder.Services.AddListeners();
        builder.Services.AddClusterAffinity();
        builder.Services.AddClusterHealth();
        builder.Services.AddClusterPolicies();
        builder.Services.AddSingleton<IAvailableBackends, AvailableDestinations>();
        builder.Services.AddSingleton<SlotPicker>();
        builder.Services.AddStrictForwarder();
        // An unknown name is refused with the other options, at the start.
        if (!string.Equals(builder.Configuration[$"{HttpFrontendOptions.SectionName}:{nameof(HttpFrontendOptions.Forwarder)}"], nameof(ForwarderKind.Yarp), StringComparison.OrdinalIgnoreCase))
            builder.Services.AddDirectForwarder();
        return builder;
    }

    /// <summary>Which front-end a process will be, before it is built.</summary>
    /// <param name="configuration">Its configuration.</param>
    public static string FrontendIdIn(IConfiguration configuration) =>
        configuration[$"{FrontendOptions.SectionName}:{nameof(FrontendOptions.Id)}"] is { Length: > 0 } id ? id : DefaultId(UrlsIn(configuration));

    /// <summary>Maps every configured route, through access, limit, authentication, affinity, pick, forward and outcome, in that order.</summary>
    /// <param name="application">The application.</param>
    public static WebApplication MapOrleansLbProxy(this WebApplication application)
    {
        // YARP takes its first routes while it is mapped: what the disk holds must be there by then.
        application.Services.GetRequiredService<FrontendConfiguration>().Load();
        application.UseMiddleware<RequestSpanMiddleware>();
        application.UseAccessLog();
        application.UseMiddleware<OverloadMiddleware>();
        application.UseMiddleware<FarewellMiddleware>();
        if (application.Services.GetRequiredService<IOptions<HttpFrontendOptions>>().Value.MaxRequestsPerConnection is { } most)
            application.UseMiddleware<LastRequestMiddleware>(most);
        application.UseTrustedProxies();
        application.UseMiddleware<StrictRequestMiddleware>();
        application.UseMiddleware<ChallengeMiddleware>();
        application.UseMiddleware<ClientCertificateMiddleware>();
        application.UseMiddleware<WebSocketMiddleware>();
        TlsTermination.UseStrictTransport(application);
        application.UseMiddleware<ConfigurationGateMiddleware>();
        application.UseMiddleware<RequestTallyMiddleware>();
        application.UseRouteCors();
        application.UseRouteAuthorization();
        var mirror = MirrorServices.Pipeline(application);
        application.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<RouteTimeoutMiddleware>();
            proxy.UseAdmission(application);
            proxy.UseMiddleware<BackendProfileMiddleware>();
            proxy.UseMiddleware<RequestSizeMiddleware>();
            proxy.UseMiddleware<MirrorMiddleware>(mirror);
            proxy.UseMiddleware<SubsetMiddleware>();
            proxy.UseMiddleware<VariantCookieMiddleware>();
            proxy.UseSessionAffinity();
            proxy.UseMiddleware<CircuitMiddleware>();
            proxy.UseMiddleware<RetryMiddleware>();
            proxy.UseMiddleware<SlotMiddleware>();
            proxy.UseLoadBalancing();
            proxy.UseMiddleware<HedgeMiddleware>();
            proxy.UseMiddleware<InFlightMiddleware>();
            proxy.UsePassiveHealthChecks();
        }).AnswerByThemselves(application);
        return application;
    }

    private static string UrlsIn(IConfiguration configuration) => configuration[$"{HttpFrontendOptions.SectionName}:{nameof(HttpFrontendOptions.Urls)}"] ?? new HttpFrontendOptions().Urls;

    /// <summary>The machine's name and the first port: unique as long as one machine runs one front-end a port.</summary>
    private static string DefaultId(string urls)
    {
        var first = BindingAddress.Parse(urls.Split(';')[0].Trim());
        return FormattableString.Invariant($"{Environment.MachineName}-{first.Port}");
    }

    private static void AddClusterRoutes(this IServiceCollection services)
    {
        services.AddSingleton<IProxyConfigProvider, ClusterProxyConfigProvider>();
        services.AddSingleton<RoutesInForce>();
        services.AddSingleton<RequestTallyFollower>();
        services.AddSingleton<VariantMetrics>();
        services.AddSingleton<RouteTimeoutMetrics>();
        services.AddSingleton<MatcherPolicy, VariantSelector>();
        services.AddSingleton<IConfigChangeListener>(static provider => provider.GetRequiredService<RoutesInForce>());
        services.AddSingleton<IReadinessCheck, RoutesReadinessCheck>();
    }

    private static void AddClusterHealth(this IServiceCollection services)
    {
        services.AddSingleton<BackendAttempts>();
        services.AddSingleton<RetryMetrics>();
        services.AddSingleton<IAvailableDestinationsPolicy, ClusterHealthyOrPanicPolicy>();
        services.AddHostedService<AvailableDestinationsRefresher>();
    }

    private static void AddClusterAffinity(this IServiceCollection services)
    {
        services.AddSingleton<AffinityMetrics>();
        services.AddSingleton<AffinityCodecs>();
        services.AddSingleton<ClusterCookiePolicy>();
        services.AddSingleton<ISessionAffinityPolicy>(static provider => provider.GetRequiredService<ClusterCookiePolicy>());
        services.AddSingleton<ClusterSessionPolicy>();
        services.AddSingleton<ISessionAffinityPolicy>(static provider => provider.GetRequiredService<ClusterSessionPolicy>());
        services.AddSingleton<ISessionSuccessor, SessionSuccessors>();
    }
}
