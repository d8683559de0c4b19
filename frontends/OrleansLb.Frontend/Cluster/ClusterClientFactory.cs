using Microsoft.Extensions.Hosting;

namespace OrleansLb.Frontend.Cluster;

/// <summary>Builds a host that contains nothing but an Orleans client; a failed one is thrown away and built anew.</summary>
public delegate IHost ClusterClientFactory();
