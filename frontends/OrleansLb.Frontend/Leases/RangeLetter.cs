using System.Threading.Tasks.Sources;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Leases;

/// <summary>What one range is told, on its way to it. A range is told one thing at a time, so that the object serves for the next one.</summary>
/// <param name="link">The way to the cluster.</param>
/// <param name="policy">Name of the range's policy.</param>
/// <param name="range">Number of the range.</param>
/// <param name="clock">The clock of limits.</param>
internal sealed class RangeLetter(IClusterLink link, string policy, int range, LimitClock clock) : IValueTaskSource<LimitReply?>
{
    private readonly LinkedGrain<IRateLimitRangeGrain> _grain = new(link, IRateLimitRangeGrain.KeyOf(policy, range));
    private ManualResetValueTaskSourceCore<LimitReply?> _answer;

    /// <summary>Number of the range.</summary>
    public int Range => range;

    /// <summary>What the range is called in logs.</summary>
    public string Name => IRateLimitRangeGrain.KeyOf(policy, range);

    /// <summary>The silo that held the range when it was heard of last; 0 where that is not known.</summary>
    public int Silo { get; set; }

    /// <summary>Whether there is a way to the range.</summary>
    public bool HasWay => _grain.Grain is not null;

    /// <summary>When it was sent last. The range has not heard it before.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>What the range is told.</summary>
    public LimitRequest Content { get; private set; } = null!;

    /// <summary>How many things it says, at least 1.</summary>
    public int Size => 1 + Content.Acquires.Length + Content.Renewals.Length + (Content.Settlements?.Length ?? 0);

    /// <summary>What comes back with the others of its silo; <see langword="null"/> when the range has to be asked by itself.</summary>
    public ValueTask<LimitReply?> Answer => new(this, _answer.Version);

    /// <summary>Begins anew.</summary>
    public void Write(LimitRequest content)
    {
        _answer.Reset();
        Content = content;
    }

    /// <summary>Notes that it leaves now.</summary>
    /// <returns>The range.</returns>
    /// <exception cref="OrleansException">There is no way to the cluster any more.</exception>
    public IRateLimitRangeGrain Send()
    {
        SentAt = clock.Now;
        return _grain.Grain ?? throw new OrleansException("There is no way to the cluster any more.");
    }

    /// <summary>Ends <see cref="Answer"/>. Whoever waits for it goes on within this call, and may write the next one.</summary>
    public void Deliver(LimitReply? reply) => _answer.SetResult(reply);

    /// <summary>Ends <see cref="Answer"/> with what went wrong.</summary>
    public void Fail(Exception exception) => _answer.SetException(exception);

    LimitReply? IValueTaskSource<LimitReply?>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<LimitReply?>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<LimitReply?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
