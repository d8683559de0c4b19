namespace OrleansLb.Core.Affinity;

/// <summary>Why a request has no usable affinity cookie. Every one is treated as no cookie; the names are the metric's values for <c>why</c>.</summary>
public enum AffinityRejection
{
    /// <summary>The cookie is good.</summary>
    None,

    /// <summary>There is no cookie.</summary>
    Absent,

    /// <summary>Longer than <see cref="AffinityCookieCodec.MaxLength"/>; nothing of it was looked at.</summary>
    TooLong,

    /// <summary>Not of the form <c>v1.kid.base64url</c>, or not in its only valid spelling.</summary>
    Malformed,

    /// <summary>Sealed with a key that is not in the ring.</summary>
    UnknownKey,

    /// <summary>Forged, damaged, or made for another host, cookie domain or path.</summary>
    BadTag,

    /// <summary>The request's host and path prefix are longer than any cookie is made for.</summary>
    ScopeTooLong,

    /// <summary>Made for another pool.</summary>
    WrongPool,

    /// <summary>Older, or longer unused, than the pool allows.</summary>
    Expired,
}
