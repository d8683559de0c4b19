namespace OrleansLb.Core.ProxyProtocol;

/// <summary>How far a header is.</summary>
public enum ProxyHeaderStep
{
    /// <summary>It may be one, and is not there in full.</summary>
    NeedMore,

    /// <summary>It is there.</summary>
    Complete,

    /// <summary>It is none.</summary>
    Refused,
}
