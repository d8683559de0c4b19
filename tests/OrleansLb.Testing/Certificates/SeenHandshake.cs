using System.Net.Security;
using System.Security.Authentication;

namespace OrleansLb.Testing.Certificates;

/// <summary>What a client saw of a handshake.</summary>
/// <param name="Serial">Of the certificate that was shown.</param>
/// <param name="Version">The version of TLS.</param>
/// <param name="Application">What is to be spoken.</param>
/// <param name="Cipher">How it is encrypted.</param>
public sealed record SeenHandshake(string Serial, SslProtocols Version, SslApplicationProtocol Application, TlsCipherSuite Cipher);
