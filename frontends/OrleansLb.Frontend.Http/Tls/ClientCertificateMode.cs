namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Whether clients show certificates.</summary>
public enum ClientCertificateMode
{
    /// <summary>None is asked for.</summary>
    None,

    /// <summary>One is asked for. Who has none is served without; who shows one that is not in order is not served.</summary>
    Request,

    /// <summary>Who shows none that is in order is not served.</summary>
    Require,
}
