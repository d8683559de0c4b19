using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>What the kernel knows of a socket and .NET does not tell.</summary>
internal static partial class PosixSockets
{
    // SIOCOUTQ: bytes that were sent and are not acknowledged.
    private const nuint UnacknowledgedBytes = 0x5411;

    public static bool IsAcknowledged(Socket socket)
    {
        if (ioctl((int)socket.Handle, UnacknowledgedBytes, out var bytes) != 0)
            throw new InvalidOperationException($"ioctl failed with errno {Marshal.GetLastPInvokeError()}.");
        return bytes == 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, out int value);
}
