using System.Net;
using System.Net.Sockets;

namespace OrleansLb.BenchProcesses;

/// <summary>Ports that nobody listens on, below those that the kernel gives to outgoing connections: thousands of these are open while a benchmark runs.</summary>
public static class FreePorts
{
    private const int First = 25000;
    private const int Last = 31999;

    private static int s_next = First + (Environment.ProcessId % 600 * 10);

    /// <summary>So many different ones.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="BenchException">There are no more.</exception>
    public static int[] Take(int count) => [.. Enumerable.Range(0, count).Select(static _ => Next())];

    private static int Next()
    {
        for (var tries = First; tries <= Last; tries++)
        {
            var port = First + ((Interlocked.Increment(ref s_next) - First) % (Last - First + 1));
            if (IsFree(port))
                return port;
        }

        throw new BenchException($"No port from {First} to {Last} is free on 127.0.0.1.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
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
