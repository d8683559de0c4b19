using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Leases;

/// <summary>The rate-limit policies of this front-end by name; they follow the configuration in force.</summary>
public sealed class RateLimiterTable : IDisposable
{
    // A policy that leaves the configuration keeps its entry: the ranges that it counted in may ask for it.
    private readonly ConcurrentDictionary<string, PolicyLimiter> _limiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<RateLimitPolicyDefinition, PolicyLimiter> _create;
    private readonly IConfigurationView _configuration;

    public RateLimiterTable(
        IConfigurationView configuration,
        FrontendIdentity identity,
        IClusterLink link,
        ClusterContact contact,
        LimitShare share,
        LimitClock clock,
        ILogger<RateLimiterTable> logger)
    {
        _configuration = configuration;
        _create = policy => new PolicyLimiter(policy, identity, link, contact, share, clock, logger);
        configuration.Changed += Follow;
    }

    /// <summary>A policy by its name; <see langword="null"/> when no version in force ever had it.</summary>
    /// <param name="policy">Name of the policy.</param>
    public PolicyLimiter? Find(string policy)
    {
        if (_limiters.TryGetValue(policy, out var limiter))
            return limiter;
        if (Defined(policy) is not { } definition)
            return null;
        limiter = _limiters.GetOrAdd(definition.Name, static (_, state) => state._create(state.definition), (_create, definition));
        // A version that came in between found nothing to change.
        if (Defined(policy) is { } current && !current.Equals(limiter.Policy))
            limiter.Reconfigure(current);
        return limiter;
    }

    private RateLimitPolicyDefinition? Defined(string policy) => _configuration.Current.Snapshot.RateLimits.GetValueOrDefault(policy);

    public void Dispose()
    {
        _configuration.Changed -= Follow;
        foreach (var limiter in Used)
            limiter.Dispose();
    }

    /// <summary>Tells a new activation of a range what this front-end knows of it.</summary>
    internal LimitRangeReport Report(string policy, int range, long epoch) => Find(policy) is { } limiter
        ? limiter.Report(range, epoch)
        : new LimitRangeReport(IsComplete: true, NewestEpoch: 0, Keys: []);

    /// <summary>Every policy that was used.</summary>
    internal IEnumerable<PolicyLimiter> Used => _limiters.Select(static pair => pair.Value);

    private void Follow(CompiledConfiguration compiled)
    {
        foreach (var (name, definition) in compiled.Snapshot.RateLimits)
        {
            if (_limiters.TryGetValue(name, out var limiter) && !definition.Equals(limiter.Policy))
                limiter.Reconfigure(definition);
        }
    }
}
