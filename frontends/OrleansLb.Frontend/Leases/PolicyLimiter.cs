using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Leases;

/// <summary>One rate-limit policy at this front-end. A request that a lease pays for takes no lock and allocates nothing.</summary>
public sealed class PolicyLimiter : IDisposable
{
    private const int MostKeys = 65_536;
    private const int MostKeysRemembered = 512;
    private const int MostKeysAlone = 65_536;

    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    private readonly RangeLimiter?[] _ranges = new RangeLimiter?[RateLimitKey.RangeCount];
    private readonly ConcurrentDictionary<RateLimitKey, KeyLimiter> _leased = new();
    private readonly RangePost _post = new();
    private readonly Lock _lock = new();
    private readonly FrontendIdentity _identity;
    private readonly IClusterLink _link;
    private readonly ClusterContact _contact;
    private readonly LimitShare _share;
    private readonly LimitClock _clock;
    private readonly ILogger _logger;
    private SlotLimiter? _slots;
    private KeyLimiters _keys = new(MostKeys);
    private LimitRule _rule;
    private AloneShare? _alone;

    internal PolicyLimiter(
        RateLimitPolicyDefinition policy,
        FrontendIdentity identity,
        IClusterLink link,
        ClusterContact contact,
        LimitShare share,
        LimitClock clock,
        ILogger logger)
    {
        Policy = policy;
        _rule = LimitRule.Of(policy);
        _identity = identity;
        _link = link;
        _contact = contact;
        _share = share;
        _clock = clock;
        _logger = logger;
        if (_rule.Algorithm == RateLimitAlgorithm.Concurrency)
            _slots = SlotsOf(_rule);
    }

    /// <summary>The policy as configured in the version in force.</summary>
    public RateLimitPolicyDefinition Policy { get; private set; }

    /// <summary>Admits or refuses one request. One that has a <see cref="LimitOutcome.Slot"/> has to release it when it ends.</summary>
    /// <param name="key">What it counts against.</param>
    /// <param name="cost">Permits it needs, at least 1.</param>
    public ValueTask<LimitOutcome> Acquire(RateLimitKey key, int cost) => Acquire(key, cost, CancellationToken.None, static never => never);

    /// <summary>Admits or refuses one request, which gives its place up when its client goes away.</summary>
    /// <param name="key">What it counts against.</param>
    /// <param name="cost">Permits it needs, at least 1.</param>
    /// <param name="caller">Who knows when the client goes away.</param>
    /// <param name="aborted">Says so; asked only when the request has to wait, because a server may make a source for the token.</param>
    public ValueTask<LimitOutcome> Acquire<TCaller>(RateLimitKey key, int cost, TCaller caller, Func<TCaller, CancellationToken> aborted)
    {
        ArgumentNullException.ThrowIfNull(aborted);
        return Decide(new AcquireEntry(key, cost), waits: true, caller, aborted);
    }

    /// <summary>
    /// Admits or refuses one request and leaves the waiting for its turn (<see cref="InTurn(LimitOutcome, CancellationToken)"/>) to the caller. What is admitted and
    /// may be given back has to be settled.
    /// </summary>
    /// <param name="entry">What the request counts against.</param>
    /// <param name="caller">Who knows when the client goes away.</param>
    /// <param name="aborted">Says so; asked only when the request has to wait for the cluster.</param>
    internal ValueTask<LimitOutcome> Decide<TCaller>(AcquireEntry entry, TCaller caller, Func<TCaller, CancellationToken> aborted) =>
        Decide(entry, waits: false, caller, aborted);

    /// <summary>Lets a request go on when its turn has come. Timers count whole milliseconds: upwards, for none shall come early. What was left before it is no news after it.</summary>
    internal async Task<LimitOutcome> InTurn(LimitOutcome outcome, CancellationToken aborted)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(outcome.Delay.TotalMilliseconds)), _clock.Provider, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return aborted.IsCancellationRequested ? new LimitOutcome(LimitVerdict.Abandoned, TimeSpan.Zero) { Delay = outcome.Delay } : outcome with { Quota = null };
    }

    /// <summary>Decides at once where that takes no question to the cluster: a lease pays, or the range has said that it would refuse.</summary>
    /// <param name="key">What the request counts against.</param>
    /// <param name="cost">Permits it needs, at least 1.</param>
    /// <param name="outcome">The decision.</param>
    /// <returns>Whether there is one; if not, nothing was charged.</returns>
    public bool TryDecide(RateLimitKey key, int cost, out LimitOutcome outcome) => TryDecide(new AcquireEntry(key, cost), out outcome);

    /// <summary>The same for a request that another limit may yet refuse.</summary>
    internal bool TryDecide(AcquireEntry entry, out LimitOutcome outcome)
    {
        var rule = _rule;
        if (rule.Algorithm == RateLimitAlgorithm.Concurrency)
            return SlotsOf(rule).TryDecide(entry, Policy.Headers == RateLimitHeaders.All, out outcome);
        outcome = default;
        // A turn in a queue is in the future, and whoever asks here does not wait for it.
        if (rule.Algorithm == RateLimitAlgorithm.LeakyBucket || Reachability.Of(rule, _contact.Silence, _share.SilentBefore) != ReachabilityState.Reachable)
            return false;
        var now = _clock.Now;
        return TryDecide(rule, LimiterOf(rule, entry.Key, now), entry, now, out outcome);
    }

    /// <summary>Whether the range has just said that it would refuse one permit, and no lease has any.</summary>
    /// <param name="key">What the request would count against.</param>
    /// <param name="retryAfter">When to try again at the earliest.</param>
    public bool IsKnownRefused(RateLimitKey key, out TimeSpan retryAfter)
    {
        if (_rule.Algorithm == RateLimitAlgorithm.Concurrency)
            return SlotsOf(_rule).IsKnownRefused(key, out retryAfter);
        retryAfter = TimeSpan.Zero;
        var now = _clock.Now;
        return LimiterOf(_rule, key, now) is { } limiter && limiter.IsRefused(now, 1, out retryAfter) && limiter.Leases.Left(now) == 0;
    }

    /// <summary>Takes over changed numbers. Leases of the old ones are left to end; what was admitted stays remembered.</summary>
    internal void Reconfigure(RateLimitPolicyDefinition policy)
    {
        var rule = LimitRule.Of(policy);
        lock (_lock)
        {
            Policy = policy;
            if (rule.Algorithm == RateLimitAlgorithm.Concurrency)
                SlotsOf(rule).Reconfigure(rule);
            else
                _slots?.Dissolve();
            Volatile.Write(ref _rule, rule);
            Volatile.Write(ref _keys, new KeyLimiters(MostKeys));
            _leased.Clear();
            _alone = null;
            foreach (var range in _ranges)
                range?.Channel.Reconfigure(rule, _clock.Now);
        }
    }

    /// <summary>Tells a new activation what is known of its range.</summary>
    internal LimitRangeReport Report(int range, long epoch) => _rule.Algorithm == RateLimitAlgorithm.Concurrency
        ? SlotsOf(_rule).Report(range, epoch)
        : RangeOf(range).Channel.Restore(epoch, _clock.Now).ToWire();

    /// <inheritdoc/>
    public void Dispose() => _slots?.Dispose();

    /// <summary>Gives back what idle keys hold.</summary>
    internal void RenewDue()
    {
        var now = _clock.Now;
        foreach (var (key, limiter) in _leased)
        {
            if (limiter.Leases.NeedsRenewal(now))
                RangeOf(key.Range).Renew(limiter);
            else if (limiter.Leases.IsEmpty(now))
                _leased.TryRemove(key, out _);
        }
    }

    /// <summary>Forgets keys that nobody used for a while; their leases have ended.</summary>
    internal void Prune() => Volatile.Read(ref _keys).Prune(_clock.Now, IdleAfter);

    private ValueTask<LimitOutcome> Decide<TCaller>(AcquireEntry entry, bool waits, TCaller caller, Func<TCaller, CancellationToken> aborted)
    {
        var rule = _rule;
        if (rule.Algorithm == RateLimitAlgorithm.Concurrency)
            return TryDecide(entry, out var atOnce) ? new(atOnce) : new(SlotsOf(rule).Ask(entry, aborted(caller)));
        var state = Reachability.Of(rule, _contact.Silence, _share.SilentBefore);
        if (state != ReachabilityState.Reachable)
        {
            var alone = Alone(rule, state, entry);
            return waits && alone.Delay > TimeSpan.Zero ? new(InTurn(alone, aborted(caller))) : new(alone);
        }

        var now = _clock.Now;
        var limiter = LimiterOf(rule, entry.Key, now);
        if (TryDecide(rule, limiter, entry, now, out var decided))
            return waits && decided.Delay > TimeSpan.Zero ? new(InTurn(decided, aborted(caller))) : new(decided);
        if (limiter is not null && rule.LeaseCap > 0)
            RenewLeases(limiter);
        return AskRange(rule, limiter, entry, waits, now, aborted(caller));
    }

    private bool TryDecide(LimitRule rule, KeyLimiter? limiter, AcquireEntry entry, TimeSpan now, out LimitOutcome outcome)
    {
        outcome = default;
        if (limiter is null)
            return false;
        var taken = default(LeasePart);
        if (rule.LeaseCap > 0 && (entry.MayBeGivenBack
            ? limiter.Leases.TryHold(now, entry.Cost, out var delay, out taken)
            : limiter.Leases.TryAdmit(now, entry.Cost, out delay)))
        {
            if (limiter.Leases.NeedsRenewal(now))
                RenewLeases(limiter);
            outcome = new LimitOutcome(LimitVerdict.AdmittedByLease, TimeSpan.Zero)
            {
                Delay = delay,
                Quota = Policy.Headers == RateLimitHeaders.All ? limiter.Quota(now) : null,
                Charge = entry.MayBeGivenBack ? new LimitCharge(limiter, taken) : default,
            };
            return true;
        }

        if (!limiter.IsRefused(now, entry.Cost, out var retryAfter))
            return false;
        outcome = new LimitOutcome(LimitVerdict.Rejected, retryAfter);
        return true;
    }

    private void RenewLeases(KeyLimiter limiter)
    {
        _leased.TryAdd(limiter.Leases.Key, limiter);
        RangeOf(limiter.Leases.Key.Range).Renew(limiter);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LimitOutcome> AskRange(LimitRule rule, KeyLimiter? limiter, AcquireEntry entry, bool waits, TimeSpan now, CancellationToken aborted)
    {
        var outcome = await RangeOf(entry.Key.Range).Ask(limiter, entry, now, aborted);
        if (waits && outcome.Delay > TimeSpan.Zero)
            return await InTurn(outcome, aborted);
        return outcome.Verdict == LimitVerdict.Unavailable && rule.WhenUnreachable == WhenUnreachable.Allow
            ? new LimitOutcome(LimitVerdict.AdmittedAlone, TimeSpan.Zero)
            : outcome;
    }

    // Past the bound keys are decided by the range alone: an attacker who invents keys makes nobody forget a refusal or a lease.
    private KeyLimiter? LimiterOf(LimitRule rule, RateLimitKey key, TimeSpan now)
    {
        if (!Volatile.Read(ref _keys).TryGet(rule, key, out var limiter))
            return null;

        limiter.Touch(now);
        return limiter;
    }

    private RangeLimiter RangeOf(int range)
    {
        if (Volatile.Read(ref _ranges[range]) is { } known)
            return known;
        lock (_lock)
        {
            return _ranges[range] ??= new RangeLimiter(
                new RangeLetter(_link, Policy.Name, range, _clock),
                _post,
                new RangeChannel(_identity.Id, _identity.Incarnation, _rule, MostKeysRemembered),
                _contact,
                _clock,
                _logger);
        }
    }

    private SlotLimiter SlotsOf(LimitRule rule)
    {
        if (Volatile.Read(ref _slots) is { } known)
            return known;
        lock (_lock)
            return _slots ??= new SlotLimiter(Policy.Name, rule, _identity, _link, _contact, _share, _clock, _logger);
    }

    private LimitOutcome Alone(LimitRule rule, ReachabilityState state, AcquireEntry entry)
    {
        if (rule.WhenUnreachable == WhenUnreachable.Allow)
            return new LimitOutcome(LimitVerdict.AdmittedAlone, TimeSpan.Zero);
        if (rule.WhenUnreachable != WhenUnreachable.Share || state != ReachabilityState.OnItsOwn || _share.Parts == 0)
            return new LimitOutcome(LimitVerdict.Unavailable, TimeSpan.FromSeconds(1));
        var now = _clock.Now;
        var share = ShareInUse(rule);
        var ticket = default(ChargeTicket);
        if (!(entry.MayBeGivenBack ? share.TryHold(entry.Key, entry.Cost, now, out var wait, out ticket) : share.TryAdmit(entry.Key, entry.Cost, now, out wait)))
            return new LimitOutcome(LimitVerdict.RejectedAlone, wait);
        RangeOf(entry.Key.Range).Channel.AdmittedAlone(now + wait);
        return new LimitOutcome(LimitVerdict.AdmittedAlone, TimeSpan.Zero)
        {
            Delay = wait,
            Charge = entry.MayBeGivenBack ? new LimitCharge(new ShareCharge(share, entry.Key, entry.Cost, ticket, _clock)) : default,
        };
    }

    // A share belongs to one period of silence: any reply ends it, and the next period begins from nothing again.
    private LocalShare ShareInUse(LimitRule rule)
    {
        lock (_lock)
        {
            if (_alone is not { } alone || alone.LastReply != _contact.LastReply)
                _alone = alone = new AloneShare(_contact.LastReply, new LocalShare(rule, _share.Parts, MostKeysAlone, _clock.Now));
            return alone.Share;
        }
    }

    private sealed record AloneShare(long LastReply, LocalShare Share);
}
