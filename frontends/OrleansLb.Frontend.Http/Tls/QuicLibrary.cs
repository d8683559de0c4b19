using System.Net.Quic;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>What HTTP/3 needs of the machine.</summary>
internal static class QuicLibrary
{
    /// <summary>Whether the machine has it.</summary>
    public static bool IsThere => (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows()) && QuicListener.IsSupported;
}
