namespace OrleansLb.Configuration;

/// <summary>Keys of cluster metadata through which the compiled configuration speaks to front-ends.</summary>
public static class ClusterMetadataKeys
{
    /// <summary>What every key of ours begins with; files may not use it.</summary>
    public const string Prefix = RouteMetadataKeys.Prefix;

    /// <summary>How backends are met by TLS, as <see cref="BackendTls"/> writes it.</summary>
    public const string Tls = Prefix + "Tls";

    /// <summary>How many connections to each backend are held ready, as <see cref="OrleansLb.Configuration.PreConnect"/> writes it.</summary>
    public const string PreConnect = Prefix + "PreConnect";
}
