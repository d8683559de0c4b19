namespace OrleansLb.Clustering.Tls;

/// <summary>Where a connection comes in.</summary>
internal enum ClusterPort
{
    /// <summary>Where silos meet.</summary>
    Silo,

    /// <summary>Where front-ends come in.</summary>
    Gateway,
}
