namespace OrleansLb.Core.Retries;

/// <summary>What front-ends sent a second time in one pool, and what they may still.</summary>
/// <param name="Requests">Requests since the front-end began.</param>
/// <param name="Repeated">Attempts that were not a request's first.</param>
/// <param name="Denied">Attempts that the budget had no room for.</param>
/// <param name="Left">Attempts that the budget has room for now.</param>
public readonly record struct RetryTally(long Requests, long Repeated, long Denied, int Left)
{
    /// <summary>Whether it can be true.</summary>
    public bool IsPossible => this is { Requests: >= 0, Repeated: >= 0, Denied: >= 0, Left: >= 0 };

    /// <summary>The sum over two front-ends.</summary>
    /// <param name="other">The other's.</param>
    public RetryTally Add(in RetryTally other) =>
        new(Requests + other.Requests, Repeated + other.Repeated, Denied + other.Denied, (int)Math.Min((long)Left + other.Left, int.MaxValue));
}
