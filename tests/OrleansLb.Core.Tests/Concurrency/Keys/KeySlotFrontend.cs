using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Concurrency.Keys;

/// <summary>A front-end that exchanges with a range when a test says so.</summary>
internal sealed class KeySlotFrontend
{
    public static readonly RateLimitKey Key = RateLimitKey.Of("key");

    private long _wakes;

    public KeySlotFrontend(LimitRule rule, string id = "fe") => Holder = new KeySlotHolder(id, 1, rule, () => Interlocked.Increment(ref _wakes)) { ShareParts = 2 };

    public KeySlotHolder Holder { get; }

    public long Wakes => Interlocked.Read(ref _wakes);

    public static LimitRule Rule(int limit, int queueLimit = 0, RateLimitMode mode = RateLimitMode.Exact, WhenUnreachable alone = WhenUnreachable.Share) => new()
    {
        Algorithm = RateLimitAlgorithm.Concurrency,
        Mode = mode,
        WhenUnreachable = alone,
        PermitLimit = limit,
        QueueLimit = queueLimit,
        QueueTimeout = TimeSpan.FromSeconds(10),
    };

    public static KeySlotArbiter Range(LimitRule rule, long epoch = 1, bool isEverybody = true) => new(rule, epoch, 100, [], isEverybody, Ms(0));

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>A request that waits, if it has to.</summary>
    public TestWaiter Wait(double at, int count = 1, RateLimitKey? key = null)
    {
        var waiter = new TestWaiter(key ?? Key, count);
        Holder.Wait(waiter, Ms(at));
        return waiter;
    }

    /// <summary>One report and its answer.</summary>
    public bool Exchange(KeySlotArbiter range, double at)
    {
        var answer = range.Handle(Holder.Begin(Ms(at)), Ms(at));
        return answer is not null && Holder.TryAccept(answer, Ms(at));
    }

    /// <summary>What a report would say of the key now; nothing if it would not name it.</summary>
    public KeySlotClaim? Claim(double at) => Holder.Begin(Ms(at)).Claims is [.., var last] ? last : null;
}
