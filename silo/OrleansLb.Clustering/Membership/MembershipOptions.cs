using System.ComponentModel.DataAnnotations;
using OrleansLb.Clustering.Tls;

namespace OrleansLb.Clustering.Membership;

/// <summary>Which cluster a process belongs to, how it finds the others and where it can be reached.</summary>
public sealed class MembershipOptions
{
    public const string SectionName = "OrleansLb:Cluster";

    /// <summary>How silos and clients find each other.</summary>
    /// <value>Default <see cref="MembershipKind.Localhost"/>.</value>
    public MembershipKind Membership { get; set; } = MembershipKind.Localhost;

    /// <summary>Redis connection string, as <c>host:port,password=...,ssl=true</c>.</summary>
    /// <value>Required when <see cref="Membership"/> is <see cref="MembershipKind.Redis"/>.</value>
    public string? Redis { get; set; }

    /// <summary>
    /// How long a silo that finds no member at all in Redis waits before it begins a new cluster. A Redis that was emptied under a running
    /// cluster looks the same, and the silos of that need a moment to give back who is a member.
    /// </summary>
    /// <value>Default 5 s; 0 to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan EmptyRedisPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Silos and clients with the same cluster id form one cluster.</summary>
    /// <value>Default <c>orleanslb</c>.</value>
    [Required]
    public string ClusterId { get; set; } = "orleanslb";

    /// <summary>Stored state belongs to the service id; it outlives clusters.</summary>
    /// <value>Default <c>orleanslb</c>.</value>
    [Required]
    public string ServiceId { get; set; } = "orleanslb";

    /// <summary>Name of the silo in logs, status and configuration history; stable across restarts.</summary>
    /// <value>Default: the machine's name and the silo port.</value>
    public string Name { get; set; } = "";

    /// <summary>Port on which silos talk to each other.</summary>
    /// <value>Default 11111; 1 to 65,535.</value>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port on which front-ends reach the silo.</summary>
    /// <value>Default 30000; 1 to 65,535.</value>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Address at which others reach this silo; it listens on this address only.</summary>
    /// <value>Default 127.0.0.1.</value>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Folder of the stored state of a cluster of one; unused with Redis. Created with mode 0700.</summary>
    /// <value>Default <c>orleanslb-data/state</c> in the working directory.</value>
    [Required]
    public string StateDirectory { get; set; } = Path.Combine("orleanslb-data", "state");

    /// <summary>The certificate by which this process is known to the others, and whose are believed.</summary>
    /// <value>Default: none, which will do on loopback only.</value>
    public ClusterTlsOptions Tls { get; } = new();

    /// <summary>Allows connections off loopback that are neither encrypted nor authenticated.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Insecure { get; set; }
}
