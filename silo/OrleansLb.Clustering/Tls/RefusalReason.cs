namespace OrleansLb.Clustering.Tls;

/// <summary>Why a connection between processes of the cluster was not made.</summary>
internal enum RefusalReason
{
    /// <summary>The other end's certificate is none of the cluster's authorities, has expired, or is for something else.</summary>
    Certificate,

    /// <summary>The other end's certificate has a name that may not come in there.</summary>
    Name,

    /// <summary>The other end speaks no TLS, or none that is spoken here, or refuses our certificate.</summary>
    Protocol,

    /// <summary>The other end was too slow.</summary>
    Timeout,

    /// <summary>Too many handshakes from the other end's address came to nothing, or have come to nothing yet.</summary>
    Rate,
}
