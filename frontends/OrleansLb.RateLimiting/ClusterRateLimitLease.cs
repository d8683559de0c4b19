using System.Threading.RateLimiting;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.RateLimiting;

/// <summary>An answer of a limit. A permit is spent with it, so there is nothing to give back; but a slot of a limit of requests in flight goes back when it is disposed.</summary>
internal sealed class ClusterRateLimitLease : RateLimitLease
{
    private readonly TimeSpan? _retryAfter;
    private readonly string? _reason;
    private readonly LimitSlot _slot;
    private int _released;

    private ClusterRateLimitLease(bool isAcquired, TimeSpan? retryAfter, string? reason) => (IsAcquired, _retryAfter, _reason) = (isAcquired, retryAfter, reason);

    private ClusterRateLimitLease(LimitSlot slot)
        : this(true, null, null) => _slot = slot;

    /// <summary>Admitted.</summary>
    public static ClusterRateLimitLease Admitted { get; } = new(true, null, null);

    /// <summary>Not decided without a call.</summary>
    public static ClusterRateLimitLease Undecided { get; } = new(false, null, "The cluster has to be asked, which takes AcquireAsync.");

    /// <summary>No configuration that this process knows has the policy.</summary>
    public static ClusterRateLimitLease UnknownPolicy { get; } = new(false, null, "The cluster's configuration, as far as it is known here, has no such policy.");

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames
    {
        get
        {
            if (_retryAfter is not null)
                yield return MetadataName.RetryAfter.Name;
            if (_reason is not null)
                yield return MetadataName.ReasonPhrase.Name;
        }
    }

    /// <summary>Refused because the limit is used up.</summary>
    /// <param name="retryAfter">When to try again at the earliest; <see cref="TimeSpan.MaxValue"/> for never.</param>
    public static ClusterRateLimitLease Refused(TimeSpan retryAfter) => retryAfter == TimeSpan.MaxValue
        ? new(false, null, "More permits than the limit ever has.")
        : new(false, retryAfter, "The limit is used up.");

    /// <summary>What was decided.</summary>
    public static ClusterRateLimitLease Of(in LimitOutcome outcome) => outcome switch
    {
        { IsAdmitted: true, Slot.IsHeld: true } => new(outcome.Slot),
        { IsAdmitted: true } => Admitted,
        { Verdict: LimitVerdict.Unavailable } => new(false, outcome.RetryAfter, "Nobody could decide in time."),
        _ => Refused(outcome.RetryAfter),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing && _slot.IsHeld && Interlocked.Exchange(ref _released, 1) == 0)
            _slot.Release();
        base.Dispose(disposing);
    }

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _retryAfter : metadataName == MetadataName.ReasonPhrase.Name ? _reason : null;
        return metadata is not null;
    }
}
