namespace OrleansLb.Core.Tls;

/// <summary>What is known of a client by what it has said so far.</summary>
public enum ClientHelloStep
{
    /// <summary>It may be a greeting, and is not there in full.</summary>
    NeedMore,

    /// <summary>It offers TLS 1.3, whatever else it offers.</summary>
    Tls13,

    /// <summary>It offers older versions only, or is no greeting that is read here.</summary>
    Other,
}
