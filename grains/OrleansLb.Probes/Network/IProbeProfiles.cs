using System.Net.Security;

namespace OrleansLb.Probes.Network;

/// <summary>Ways to meet backends that speak TLS, as this process has files for them. Thread-safe.</summary>
public interface IProbeProfiles
{
    /// <summary>The handshake of one connection.</summary>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="host">The name that is asked for and that the certificate must have.</param>
    /// <param name="protocols">What may be spoken over it; <see langword="null"/> for the oldest HTTP that needs no name.</param>
    /// <returns><see langword="null"/> when this process has no such profile.</returns>
    SslClientAuthenticationOptions? Find(string profile, string host, List<SslApplicationProtocol>? protocols);
}
