namespace OrleansLb.Core.Tls;

/// <summary>What an authority says of one of its certificates.</summary>
public enum OcspStatus
{
    /// <summary>It is not revoked.</summary>
    Good,

    /// <summary>It is revoked.</summary>
    Revoked,

    /// <summary>The authority does not know it.</summary>
    Unknown,
}
