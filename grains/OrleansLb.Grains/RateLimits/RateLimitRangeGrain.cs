using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.RateLimits;

/// <summary>Gives the machine of one range its time, its policy and what the front-ends know of it.</summary>
[GrainType("rate-limit-range"), KeepAlive]
internal sealed partial class RateLimitRangeGrain(
    IConfigurationView configuration,
    FrontendDirectoryFollower frontends,
    LimitRestorer restorer,
    RangeNeighbours neighbours,
    ILocalSiloDetails silo,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<RateLimitRangeGrain> logger) : Grain, IRateLimitRangeGrain
{
    /// <summary>Within a lease's ttl, which is how often the machine must hear who is there.</summary>
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>Well below what callers wait for an answer: to decide for one who has given up charges a key for nobody, and again when he asks anew.</summary>
    private static readonly TimeSpan CallersPatience = TimeSpan.FromMilliseconds(100);

    private readonly long _origin = clock.GetTimestamp();
    private readonly int _silo = silo.SiloAddress.GetConsistentHashCode();
    private string _policyName = "";
    private int _rangeNumber;

    // Of the call before, used again when as many are asked.
    private AcquireEntry[] _entries = [];
    private AcquireDecision[] _decisions = [];
    private RateLimitRange? _range;
    private RateLimitPolicyDefinition? _policy;
    private FollowedFrontends? _observed;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        var end = key.LastIndexOf('/');
        (_policyName, _rangeNumber) = (key[..end], int.Parse(key.AsSpan(end + 1), CultureInfo.InvariantCulture));
        neighbours.Arrived(_policyName, _rangeNumber, this.AsReference<IRateLimitRangeGrain>());
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TickPeriod, TickPeriod) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        neighbours.Left(_policyName, _rangeNumber);
        return Task.CompletedTask;
    }

    public async ValueTask<LimitReply?> Exchange(LimitRequest request)
    {
        var asked = clock.GetTimestamp();
        if (Policy is not { Algorithm: not RateLimitAlgorithm.Concurrency } policy || !await frontends.IsRegistered(request.FrontendId, request.Incarnation))
            return null;
        // Only now, because the directory is known to be no older than the front-end that asks.
        if (_range is null || request.LeastEpoch > _range.Epoch)
            await Start(policy, request.LeastEpoch);
        else if (!policy.Equals(_policy))
            Adopt(policy);
        Observe();
        return _range is { } range && clock.GetElapsedTime(asked) < CallersPatience ? Handle(range, request) : null;
    }

    private LimitReply Handle(RateLimitRange range, LimitRequest request)
    {
        if (_entries.Length != request.Acquires.Length)
            (_entries, _decisions) = (new AcquireEntry[request.Acquires.Length], new AcquireDecision[request.Acquires.Length]);
        return range.Handle(request.ToCore(_entries), _decisions, Now).ToWire(_silo);
    }

    private RateLimitPolicyDefinition? Policy => configuration.Current.Snapshot.RateLimits.GetValueOrDefault(_policyName);

    private TimeSpan Now => clock.GetElapsedTime(_origin);

    private Task Tick(CancellationToken cancellationToken)
    {
        if ((_range is not null || _slots is not null) && Policy is { } policy && !policy.Equals(_policy))
            Adopt(policy);
        Observe();
        _range?.Tick(Now);
        _slots?.Expire(Now);
        return Task.CompletedTask;
    }

    private void Adopt(RateLimitPolicyDefinition policy)
    {
        // What is in flight says nothing of what was admitted, nor the other way round.
        if (policy.Algorithm == RateLimitAlgorithm.Concurrency)
            _range = null;
        else
            _slots = null;
        if (_slots is { } slots)
            slots.Reconfigure(LimitRule.Of(policy), policy.RangeCapacity);
        else if (_range is { } range)
            Adopt(range, policy);
        _policy = policy;
        _observed = null;
        LogReconfigured(logger, this.GetPrimaryKeyString());
    }

    private void Adopt(RateLimitRange range, RateLimitPolicyDefinition policy)
    {
        var rule = LimitRule.Of(policy);
        // Counts of another algorithm or window say nothing under this one, so it begins as if all had just been used.
        if (range.TryReconfigure(rule, Now))
            range.Hold(policy.RangeCapacity);
        else
            _range = new RateLimitRange(rule, range.Epoch + 1, policy.RangeCapacity, RestoreOutcome.Unknown, Now);
    }

    private async ValueTask Start(RateLimitPolicyDefinition policy, long leastEpoch)
    {
        _range = null;
        var rule = LimitRule.Of(policy);
        var epoch = Math.Max(clock.GetUtcNow().ToUnixTimeMilliseconds(), leastEpoch);
        if (await restorer.Restore(_policyName, _rangeNumber, epoch, rule) is not { } outcome)
            return;
        _range = new RateLimitRange(rule, epoch, policy.RangeCapacity, outcome, Now);
        (_slots, _policy, _observed) = (null, policy, null);
        LogStarted(logger, this.GetPrimaryKeyString(), _range.Epoch, outcome.IsComplete, outcome.Rows.Count);
    }

    private void Observe()
    {
        if (frontends.Current is not { List.Settled: true } current || ReferenceEquals(current, _observed) || _range is not { } range)
            return;
        _observed = current;
        var age = clock.GetElapsedTime(current.AskedAt);
        var present = new List<FrontendPresence>(current.List.Entries.Length);
        foreach (var entry in current.List.Entries)
            present.Add(new FrontendPresence(entry.FrontendId, entry.SinceProven + age, entry.ShareParts));
        foreach (var departure in current.List.Departures)
        {
            if (departure.MayBeAlive)
                present.Add(new FrontendPresence(departure.FrontendId, departure.SinceProven + age, departure.ShareParts));
        }

        range.Observe(present, Now);
        foreach (var frontendId in current.SaidGoodbye)
            range.Forget(frontendId, Now);
    }
}
