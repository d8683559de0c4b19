namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>What became of a version on trial.</summary>
public enum TrialVerdict
{
    /// <summary>It is not known yet.</summary>
    Open,

    /// <summary>Its time is over and it did no harm that was seen: it is what later ones return to.</summary>
    Proven,

    /// <summary>It makes requests fail: it is taken back.</summary>
    Failed,
}
