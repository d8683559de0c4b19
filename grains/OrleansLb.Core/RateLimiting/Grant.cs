namespace OrleansLb.Core.RateLimiting;

/// <summary>One lease as the grain knows it.</summary>
internal struct Grant
{
    /// <summary>Identity inside the epoch; 0 for leases of an earlier activation, which nobody can report on.</summary>
    public long Id;

    /// <summary>Who may spend it.</summary>
    public string Holder;

    /// <summary>Tokens granted.</summary>
    public int Amount;

    /// <summary>Tokens reported as spent.</summary>
    public int Spent;

    /// <summary>Tokens given back.</summary>
    public int Returned;

    /// <summary>From then on nobody can spend it, and what was not reported counts as spent.</summary>
    public TimeSpan ExpiresAt;

    /// <summary>Tokens that may still be spent as far as the grain knows.</summary>
    public readonly int Open => Amount - Spent - Returned;
}
