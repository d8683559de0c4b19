using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests;

/// <summary>What a test varies of a front-end.</summary>
internal sealed record FrontendHostOptions
{
    internal string Policy { get; init; } = "RoundRobin";

    internal SessionAffinityConfig? Affinity { get; init; }

    /// <summary>What is done to the data folder before the start.</summary>
    internal Action<string>? Prepare { get; init; }

    /// <summary>What is registered after the product's own registrations.</summary>
    internal Action<IServiceCollection>? Services { get; init; }

    internal Version BackendVersion { get; init; } = HttpVersion.Version11;

    internal HttpVersionPolicy BackendVersionPolicy { get; init; } = HttpVersionPolicy.RequestVersionExact;

    /// <summary>How backends are met by TLS; none to leave it to YARP.</summary>
    internal BackendTls? Tls { get; init; }

    /// <summary>How many connections to each backend are held ready.</summary>
    internal int PreConnect { get; init; }

    /// <summary>How long a request may make no progress; none to leave it to the forwarder.</summary>
    internal TimeSpan? ActivityTimeout { get; init; }

    /// <summary>What YARP's client is given of the cluster.</summary>
    internal HttpClientConfig? Client { get; init; }

    /// <summary>Transforms of the only route.</summary>
    internal Dictionary<string, string>[]? Transforms { get; init; }

    /// <summary>Name of the authorization policy of the only route.</summary>
    internal string? AuthorizationPolicy { get; init; }

    /// <summary>Name of the policy for other origins of the only route.</summary>
    internal string? CorsPolicy { get; init; }

    /// <summary>What certificates the cluster orders.</summary>
    internal AcmeDefinition? Acme { get; init; }

    /// <summary>What every backend wants to be called.</summary>
    internal string? BackendHost { get; init; }

    /// <summary>Paths of the only route.</summary>
    internal string Path { get; init; } = "/{**rest}";

    internal long? MaxRequestBodySize { get; init; }

    /// <summary>Whether a refused connection counts against a backend.</summary>
    internal bool PassiveHealth { get; init; } = true;

    /// <summary>How reports of backends become weights.</summary>
    internal ResourceLoadRules LoadReports { get; init; } = ResourceLoadRules.Default;

    /// <summary>How many requests each backend takes at once.</summary>
    internal ConcurrencyDefinition? Concurrency { get; init; }

    /// <summary>When requests are sent to another backend.</summary>
    internal RetryDefinition Retry { get; init; } = RetryDefinition.Default;

    /// <summary>After how long a request of the only route goes to a second backend too; none for never.</summary>
    internal TimeSpan? Hedge { get; init; }

    /// <summary>How its sessions are learned.</summary>
    internal SessionDefinition? Session { get; init; }

    /// <summary>What is spoken at listeners of the test's own; none to have the front-end listen where its settings say.</summary>
    internal HttpProtocols[] Listeners { get; init; } = [HttpProtocols.Http1, HttpProtocols.Http2];

    /// <summary>Further settings of its process.</summary>
    internal Dictionary<string, string?> Settings { get; init; } = [];

    /// <summary>The limit of the only route.</summary>
    internal RateLimitPolicyDefinition? RateLimit { get; init; }

    /// <summary>Who may use the only route, as its metadata says it.</summary>
    internal string? Access { get; init; }

    /// <summary>The part of the pool that the only route wants; each backend has its id as a label.</summary>
    internal RouteSubset? Subset { get; init; }
}
