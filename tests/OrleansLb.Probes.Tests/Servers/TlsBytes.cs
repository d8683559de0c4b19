namespace OrleansLb.Probes.Tests.Servers;

/// <summary>Records of TLS as they are on the wire.</summary>
internal static class TlsBytes
{
    /// <summary>A fatal alert: handshake_failure.</summary>
    public static byte[] Alert { get; } = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28];
}
