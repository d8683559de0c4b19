namespace OrleansLb.Core.Acme;

/// <summary>What is to be done about an order.</summary>
public enum OrderStepKind
{
    /// <summary>Look again later.</summary>
    Wait,

    /// <summary>Tell the authority to look for the answers, once all who may be asked have them.</summary>
    Answer,

    /// <summary>Ask for the certificate.</summary>
    Finalize,

    /// <summary>Get it.</summary>
    Download,

    /// <summary>Give it up.</summary>
    Fail,
}
