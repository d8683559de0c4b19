using System.Net;
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

    internal Version BackendVersion { get; init; } = HttpVersion.Version11;

    internal long? MaxRequestBodySize { get; init; }

    /// <summary>Whether a refused connection counts against a backend.</summary>
    internal bool PassiveHealth { get; init; } = true;

    /// <summary>The limit of the only route.</summary>
    internal RateLimitPolicyDefinition? RateLimit { get; init; }
}
