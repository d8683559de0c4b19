using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>Free ports from a block of this suite's own, below the range the kernel gives to outgoing connections.</summary>
internal static class Ports
{
    private const int First = 21000;
    private const int Last = 24999;

    private static int s_next = First + (Environment.ProcessId % 400 * 10);

    public static int Next()
    {
        for (var tries = 0; tries < Last - First; tries++)
        {
            var port = First + ((Interlocked.Increment(ref s_next) - First) % (Last - First));
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"No free port between {First} and {Last}.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
