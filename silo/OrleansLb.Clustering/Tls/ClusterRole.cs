namespace OrleansLb.Clustering.Tls;

/// <summary>What a process is to its cluster.</summary>
public enum ClusterRole
{
    /// <summary>Holds a part of the truth; connects to others of its kind and is connected to by all.</summary>
    Silo,

    /// <summary>Carries traffic; connects to silos.</summary>
    Frontend,
}
