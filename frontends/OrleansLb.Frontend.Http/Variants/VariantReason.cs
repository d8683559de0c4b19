namespace OrleansLb.Frontend.Http.Variants;

/// <summary>Why a request takes the part of its route that it takes.</summary>
internal enum VariantReason
{
    /// <summary>It is that part's turn.</summary>
    Weight,

    /// <summary>Its client had that part before.</summary>
    Cookie,

    /// <summary>It asks for that part.</summary>
    Header,

    /// <summary>The part that it would have has nobody to serve it.</summary>
    Failover,
}
