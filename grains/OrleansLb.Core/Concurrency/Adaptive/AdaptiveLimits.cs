using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Concurrency.Adaptive;

/// <summary>The limits of a pool's backends, where they adapt. The quickest answers are measured of one backend at a time, so that the pool keeps the room of the others. For one caller at a time.</summary>
/// <param name="random">Draws when backends are measured next.</param>
public sealed class AdaptiveLimits(Random random)
{
    /// <summary>What a limit begins with where nobody holds any of it.</summary>
    public const int Initial = 20;

    private const double Jitter = 0.1;

    private readonly Dictionary<BackendKey, AdaptiveLimit> _limits = [];
    private AdaptiveConcurrencyDefinition? _settings;

    /// <summary>Follows the configuration.</summary>
    /// <param name="settings">The settings; <see langword="null"/> where limits do not adapt.</param>
    /// <param name="backends">The pool's backends.</param>
    public void Configure(AdaptiveConcurrencyDefinition? settings, IReadOnlyCollection<BackendKey> backends)
    {
        ArgumentNullException.ThrowIfNull(backends);
        _settings = settings;
        foreach (var gone in _limits.Keys.Where(key => settings is null || !backends.Contains(key)).ToArray())
            _limits.Remove(gone);
    }

    /// <summary>Begins the limit of a backend, unless it has begun.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="most">What it may not exceed.</param>
    /// <param name="held">Slots that front-ends hold already: what they were granted before the pool moved is what it goes on with.</param>
    /// <param name="now">Monotonic time.</param>
    public void Begin(BackendKey key, int most, int held, TimeSpan now)
    {
        if (_settings is not null && !_limits.ContainsKey(key))
            _limits[key] = new AdaptiveLimit(held > 0 ? held : Initial, most, now);
    }

    /// <summary>Looks at what came of the requests to a backend whose limit has begun.</summary>
    /// <param name="key">The backend.</param>
    /// <param name="most">What its limit may not exceed.</param>
    /// <param name="counters">What came of all requests to it so far.</param>
    /// <param name="inFlight">Requests that are there.</param>
    /// <param name="now">Monotonic time.</param>
    public void Look(BackendKey key, int most, in OutcomeCounters counters, int inFlight, TimeSpan now)
    {
        if (_settings is not { } settings || !_limits.TryGetValue(key, out var limit))
            return;
        limit.Look(settings, most, counters, inFlight, now + (settings.MeasureInterval * (1 - Jitter + (2 * Jitter * random.NextDouble()))), now);
        if (limit.IsDue(now) && _limits.Values.All(static each => each.Phase == AdaptivePhase.Following))
            limit.Measure(now);
    }

    /// <summary>How it stands with a backend; <see langword="null"/> where its limit does not adapt.</summary>
    /// <param name="key">The backend.</param>
    public AdaptiveStanding? StandingOf(BackendKey key) => _settings is { } settings && _limits.TryGetValue(key, out var limit)
        ? new AdaptiveStanding(limit.Current(settings), limit.Quickest, limit.Recent, limit.Phase)
        : null;
}
