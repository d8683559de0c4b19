namespace OrleansLb.Testing.Certificates;

/// <summary>What a responder says of certificates.</summary>
public enum OcspStatement
{
    /// <summary>They are in order.</summary>
    Good,

    /// <summary>They are revoked.</summary>
    Revoked,

    /// <summary>It does not know them.</summary>
    Unknown,

    /// <summary>They were in order, and that was to be believed until an hour ago.</summary>
    Expired,

    /// <summary>Another one is in order.</summary>
    OfAnother,

    /// <summary>They are in order, and the signature is wrong.</summary>
    Forged,

    /// <summary>It is not well (RFC 6960, <c>tryLater</c>).</summary>
    TryLater,

    /// <summary>Bytes that are no answer.</summary>
    Garbage,

    /// <summary>An error of HTTP.</summary>
    Failure,
}
