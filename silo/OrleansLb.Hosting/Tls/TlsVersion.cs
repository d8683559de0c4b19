namespace OrleansLb.Hosting.Tls;

/// <summary>A version of TLS that may be spoken; older ones are broken (RFC 8996).</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13,
}
