namespace OrleansLb.Core.Http2;

/// <summary>What a client does too often on one connection of HTTP/2.</summary>
public enum Http2Abuse
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It opens streams and takes them back (CVE-2023-44487), or has them taken back by what makes no sense on them (CVE-2025-8671): each costs a backend a request.</summary>
    Resets,

    /// <summary>It sends settings and priorities, which have to be acknowledged or kept.</summary>
    Control,

    /// <summary>It pings, which has to be answered.</summary>
    Pings,

    /// <summary>It sends data without any.</summary>
    EmptyData,

    /// <summary>It goes on with one head for ever (CVE-2024-27316 and its kind).</summary>
    Continuations,
}
