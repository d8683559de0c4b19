namespace OrleansLb.Core.Affinity;

/// <summary>What opening a cookie gave: a reason against it, or what it says.</summary>
/// <param name="Rejection"><see cref="AffinityRejection.None"/> if the cookie is good.</param>
/// <param name="Cookie">What the cookie says; only if it is good.</param>
/// <param name="SealedByOldKey">Good, but not sealed with the key that seals now: seal it anew before its key leaves the ring.</param>
public readonly record struct AffinityOpening(AffinityRejection Rejection, AffinityCookie Cookie, bool SealedByOldKey)
{
    /// <summary>Whether the cookie is good.</summary>
    public bool IsGood => Rejection == AffinityRejection.None;

    /// <summary>A request without a usable cookie.</summary>
    /// <param name="rejection">Why; anything but <see cref="AffinityRejection.None"/>.</param>
    public static AffinityOpening Rejected(AffinityRejection rejection) => new(rejection, default, false);
}
