namespace OrleansLb.Core.Acme;

/// <summary>How far an order, an authorization or a challenge is (RFC 8555, section 7.1.6).</summary>
public static class AcmeStatuses
{
    /// <summary>Something is to be done.</summary>
    public const string Pending = "pending";

    /// <summary>All is proven, and the certificate can be asked for.</summary>
    public const string Ready = "ready";

    /// <summary>The authority is at work.</summary>
    public const string Processing = "processing";

    /// <summary>It is done.</summary>
    public const string Valid = "valid";

    /// <summary>Nothing will come of it.</summary>
    public const string Invalid = "invalid";
}
