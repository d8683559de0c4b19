namespace OrleansLb.EdgeBench.Contestants;

/// <summary>What a peer is to serve.</summary>
/// <param name="Port">Where clients ask without TLS.</param>
/// <param name="SecurePort">Where they ask by TLS; counts with a certificate.</param>
/// <param name="Backends">Ports of the backends.</param>
/// <param name="Connections">How many clients there may be.</param>
/// <param name="Protocol">What is spoken to the backends.</param>
/// <param name="Certificate">The certificate; <see langword="null"/> for no TLS.</param>
internal sealed record PeerSite(int Port, int SecurePort, IReadOnlyList<int> Backends, int Connections, BackendProtocol Protocol, CertificateFiles? Certificate);
