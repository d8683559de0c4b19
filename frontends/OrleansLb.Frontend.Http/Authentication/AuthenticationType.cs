namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>How clients show who they are.</summary>
public enum AuthenticationType
{
    /// <summary>By a signed token in <c>Authorization: Bearer</c> (RFC 6750, RFC 7519).</summary>
    Jwt,

    /// <summary>By a name and a password (RFC 7617) that a file knows.</summary>
    Basic,

    /// <summary>By whatever a server of the operator's own accepts, which is asked about each request.</summary>
    Forward,

    /// <summary>By the certificate of their connection.</summary>
    ClientCertificate,
}
