using Orleans.Concurrency;

namespace OrleansLb.Contracts.RateLimits;

/// <summary>
/// The arbiter of one hash range of the keys of one rate-limit policy; all keys of a policy are divided into a fixed number of
/// ranges, so that a million keys cost a thousand activations at most.
/// </summary>
[Alias("OrleansLb.IRateLimitRangeGrain"), GrainInterfaceType("OrleansLb.Contracts.RateLimits.IRateLimitRangeGrain")]
public interface IRateLimitRangeGrain : IGrainWithStringKey
{
    /// <summary>The grain's key.</summary>
    /// <param name="policy">Name of the policy, spelt as configured.</param>
    /// <param name="range">Number of the range.</param>
    static string KeyOf(string policy, int range) => FormattableString.Invariant($"{policy}/{range}");

    /// <summary>Decides requests, settles leases and gives new ones. A front-end has at most one of these calls outstanding.</summary>
    /// <param name="request">What the front-end has to say to the range.</param>
    /// <returns>
    /// <see langword="null"/> when nothing can be decided yet: the silo does not know the policy or the front-end, or the cluster
    /// just began and front-ends are still registering.
    /// </returns>
    [Alias("Exchange"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.250")]
    ValueTask<LimitReply?> Exchange(LimitRequest request);

    /// <summary>
    /// The same as <see cref="Exchange"/> for several ranges of the policy that are on one silo, so that they cost one message and not one each; any of them can be asked, and hands the
    /// parts on to those that are on its silo. None of them waits for anything, so that one that needs time does not hold up the rest.
    /// </summary>
    /// <param name="post">What the front-end has to say.</param>
    /// <returns>
    /// The answers by position; <see langword="null"/> for a range that has to be asked by itself and has heard nothing, and one that is not <see cref="LimitReply.Applied"/> for a
    /// range that may have heard.
    /// </returns>
    /// <exception cref="ArgumentException">There are not as many ranges as requests.</exception>
    [Alias("ExchangeAll"), CalledBy(Caller.Frontend), AlwaysInterleave, ResponseTimeout("00:00:00.250")]
    ValueTask<LimitReply?[]> ExchangeAll(LimitPost post);

    /// <summary>The same as <see cref="Exchange"/>, if the range can answer at once.</summary>
    /// <param name="request">What the front-end has to say to the range.</param>
    /// <returns><see langword="null"/> if it cannot; then it has heard nothing.</returns>
    [Alias("ExchangeAtOnce"), CalledBy(Caller.Frontend), AlwaysInterleave, ResponseTimeout("00:00:00.250")]
    ValueTask<LimitReply?> ExchangeAtOnce(LimitRequest request);

    /// <summary>Takes what a front-end has in flight, and says how much it may have. A front-end has at most one of these calls outstanding.</summary>
    /// <param name="request">What changed.</param>
    /// <returns>
    /// <see langword="null"/> when it does not count: it is not newer than one before it, the silo does not know the front-end, or the policy as one of requests in
    /// flight, or the cluster just began and front-ends are still registering.
    /// </returns>
    [Alias("ExchangeSlots"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.250")]
    ValueTask<LimitSlotReply?> ExchangeSlots(LimitSlotRequest request);

    /// <summary>The keys of the range of which most is used, the most used first; none while the range has decided nothing.</summary>
    /// <param name="count">How many at most.</param>
    [Alias("MostUsed"), CalledBy(Caller.Silo)]
    ValueTask<LimitKeyUsage[]> MostUsed(int count);

    /// <summary>How much of one key is used; <see langword="null"/> when nobody used it lately.</summary>
    /// <param name="high">Upper half of the key's hash.</param>
    /// <param name="low">Lower half of the key's hash.</param>
    [Alias("FindKey"), CalledBy(Caller.Silo)]
    ValueTask<LimitKeyUsage?> FindKey(ulong high, ulong low);

    /// <summary>Forgets what one key has used, but for what is leased or in flight.</summary>
    /// <param name="high">Upper half of the key's hash.</param>
    /// <param name="low">Lower half of the key's hash.</param>
    /// <returns>The key as it was; <see langword="null"/> when nobody used it lately.</returns>
    [Alias("ResetKey"), CalledBy(Caller.Silo)]
    ValueTask<LimitKeyUsage?> ResetKey(ulong high, ulong low);
}
