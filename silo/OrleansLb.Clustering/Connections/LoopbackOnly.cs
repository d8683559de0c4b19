using System.Net;
using OrleansLb.Clustering.Membership;

namespace OrleansLb.Clustering.Connections;

/// <summary>Who reads the membership from a store would otherwise tell whoever wrote himself in there, in plain text, all that a process of the cluster says.</summary>
/// <param name="IsRequired">Whether connections stay on this machine.</param>
internal sealed record LoopbackOnly(bool IsRequired)
{
    /// <summary>Required unless connections are secured, or explicitly need not be.</summary>
    public static LoopbackOnly Unless(MembershipOptions options) => new(!options.Tls.IsOn && !options.Insecure);

    /// <summary>Whether a connection may be made.</summary>
    /// <param name="endpoint">Where to.</param>
    public bool Allows(EndPoint endpoint) => !IsRequired || endpoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);
}
