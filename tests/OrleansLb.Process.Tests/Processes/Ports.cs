using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>Free ports from a block of this process's own, below the range the kernel gives to outgoing connections: several of these suites may run at once.</summary>
internal static class Ports
{
    private const int First = 21000;
    private const int OfBlock = 1000;
    private const int Blocks = 4;

    // Locked as long as the process lives, however it ends.
    private static readonly (FileStream Lock, int First) Block = Claim();

    private static int s_next;

    public static int Next()
    {
        for (var tries = 0; tries < OfBlock; tries++)
        {
            var port = Block.First + (Interlocked.Increment(ref s_next) % OfBlock);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"No free port between {Block.First} and {Block.First + OfBlock - 1}.");
    }

    private static (FileStream Lock, int First) Claim()
    {
        for (var block = 0; block < Blocks; block++)
        {
            try
            {
                var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"orleanslb-test-ports-{block}"));
                return (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), First + (block * OfBlock));
            }
            catch (IOException)
            {
                // It is somebody else's.
            }
        }

        throw new InvalidOperationException($"All {Blocks} blocks of ports are in use by tests that run at the same time.");
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
