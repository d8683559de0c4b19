namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>What there is to show beside a certificate.</summary>
internal enum StapleState
{
    /// <summary>Nothing: its authority has not answered, or with nothing that holds.</summary>
    None,

    /// <summary>Its authority says that it is in order.</summary>
    Good,

    /// <summary>Its authority says that it is revoked.</summary>
    Revoked,
}
