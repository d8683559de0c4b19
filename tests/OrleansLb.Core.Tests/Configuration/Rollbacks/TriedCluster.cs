using OrleansLb.Core.Configuration.Rollbacks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

/// <summary>
/// Front-ends whose requests fail by chance, and one who looks at them once a second as the grain does. Version 1 is in force; <see cref="Push"/> brings version 2.
/// Any front-end may start again, and whoever looks may forget all but what is stored.
/// </summary>
internal sealed class TriedCluster
{
    private readonly Random _random;
    private readonly RollbackDefinition _rules;
    private readonly int _requestsPerSecond;
    private readonly FrontendTraffic[] _frontends;
    private RecentTraffic _recent = new();
    private TrialLook _look;

    public TriedCluster(int seed, int frontends, int requestsPerSecond, RollbackDefinition rules)
    {
        (_random, _requestsPerSecond, _rules) = (new Random(seed), requestsPerSecond, rules);
        _frontends = [.. Enumerable.Range(0, frontends).Select(static number => new FrontendTraffic($"fe-{number}", 1, 1, default, default))];
    }

    public ConfigurationTrial? Trial { get; private set; }

    public int Seconds { get; private set; }

    /// <summary>One second, and a look at its end.</summary>
    /// <param name="failing">Chance of each request to fail.</param>
    public TrialVerdict Pass(double failing)
    {
        Seconds++;
        for (var number = 0; number < _frontends.Length; number++)
        {
            var one = _frontends[number];
            _frontends[number] = one with { ServedFor = one.ServedFor + TimeSpan.FromSeconds(1), Count = one.Count + Requests(failing) };
        }

        _recent.Observe(_frontends, Trial is null ? 1 : 2, TimeSpan.FromSeconds(Seconds));
        if (Trial is not { } trial)
            return TrialVerdict.Proven;
        var last = _look;
        _look = TrialMachine.Look(trial, _frontends);
        return TrialMachine.Judge(trial, _rules, last, _look);
    }

    /// <summary>The next version is served by all, at once.</summary>
    /// <returns>Whether it is judged.</returns>
    public bool Push()
    {
        Trial = _recent.Worse(_rules.MinRequests) is { } before ? new ConfigurationTrial(2, 1, before) : null;
        for (var number = 0; number < _frontends.Length; number++)
            _frontends[number] = _frontends[number] with { Version = 2, ServedFor = default, Count = default };
        Forget();
        return Trial is not null;
    }

    /// <summary>A front-end starts again.</summary>
    public void RestartFrontend()
    {
        var number = _random.Next(_frontends.Length);
        _frontends[number] = _frontends[number] with { Incarnation = _frontends[number].Incarnation + 1, ServedFor = default, Count = default };
    }

    /// <summary>Whoever looks has died; what is stored is left.</summary>
    public void Forget() => (_recent, _look) = (new RecentTraffic(), default);

    private RequestCount Requests(double failing)
    {
        var requests = _random.Next(2 * _requestsPerSecond / _frontends.Length + 1);
        var failed = 0;
        for (var request = 0; request < requests; request++)
            failed += _random.NextDouble() < failing ? 1 : 0;
        return new RequestCount(requests, failed);
    }
}
