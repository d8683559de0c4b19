namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// State of a key right after the grain decided something about it, returned with the decision and kept by the front-end.
/// A token is admitted only by a front-end that received the reply, so among all front-ends the newest witness describes
/// everything ever admitted: a new activation is restored from it and never needs a store.
/// </summary>
public readonly record struct KeyWitness
{
    /// <summary>Epoch of the activation that decided.</summary>
    public long Epoch { get; init; }

    /// <summary>Position among the decisions of that activation; a higher (epoch, version) is newer.</summary>
    public long Version { get; init; }

    /// <summary>Token bucket: tokens left at the grain.</summary>
    public double Tokens { get; init; }

    /// <summary>Token bucket: tokens out in leases and not reported back.</summary>
    public int Outstanding { get; init; }

    /// <summary>Window counter: admitted in the window before.</summary>
    public int Previous { get; init; }

    /// <summary>Windows: admitted in this window. Log: admitted at once, or about at once.</summary>
    public int Current { get; init; }

    /// <summary>Windows: how far the grain's window had advanced.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Leaky bucket: how long until the next turn that is free.</summary>
    public TimeSpan Backlog { get; init; }

    /// <summary>Whether this witness tells of a later state than another one of the same key.</summary>
    /// <param name="other">The other witness.</param>
    public bool IsNewerThan(in KeyWitness other) => (Epoch, Version).CompareTo((other.Epoch, other.Version)) > 0;
}
