using System.Net;
using System.Net.Sockets;

namespace OrleansLb.LimitBench.Processes;

/// <summary>Ports that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>So many different ones.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, static listener => listener.Start());
        var ports = listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        Array.ForEach(listeners, static listener => listener.Dispose());
        return ports;
    }
}
