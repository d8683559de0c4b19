using System.Net;
using System.Net.Sockets;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.Ports;

/// <summary>
/// Keeps a TCP port to one process. Orleans listens with <c>SO_REUSEPORT</c>, so two silos on one port would both start and steal each
/// other's connections; whoever holds the reservation is the only one who may listen. Hold it as long as the process lives.
/// </summary>
public sealed class PortReservation : IDisposable
{
    private readonly Socket? _name;

    private PortReservation(Socket? name) => _name = name;

    /// <summary>Reserves a port.</summary>
    /// <param name="endpoint">Address and port that will be listened on.</param>
    /// <param name="settingKey">Configuration key of the port, for the error.</param>
    /// <returns>The reservation; the kernel also releases it when the process dies, however it dies.</returns>
    /// <exception cref="StartupException">Another process reserved the port or listens on it, or the address is not of this machine.</exception>
    public static PortReservation Reserve(IPEndPoint endpoint, string settingKey)
    {
        var reservation = new PortReservation(ClaimName(endpoint, settingKey));
        try
        {
            ProbeForListener(endpoint, settingKey);
            return reservation;
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }

    public void Dispose() => _name?.Dispose();

    /// <summary>
    /// Binding the port itself would keep Orleans from listening. A socket name in the kernel's abstract space has the scope of a port
    /// (the network namespace), leaves no file behind and ends with its holder.
    /// </summary>
    private static Socket? ClaimName(IPEndPoint endpoint, string settingKey)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        var name = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            name.Bind(new UnixDomainSocketEndPoint($"\0orleanslb/tcp/{endpoint}"));
            return name;
        }
        catch (SocketException exception)
        {
            name.Dispose();
            throw Refusal(endpoint, settingKey, "is in use by another OrleansLb process", exception);
        }
    }

    /// <summary>
    /// Finds a listener that made no reservation. The runtime binds with <c>SO_REUSEADDR</c>, so connections of a previous process in
    /// TIME_WAIT do not keep its successor from starting, and without <c>SO_REUSEPORT</c>, so a listener does.
    /// </summary>
    private static void ProbeForListener(IPEndPoint endpoint, string settingKey)
    {
        using var probe = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(endpoint);
        }
        catch (SocketException exception)
        {
            var reason = exception.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is in use by another process" : $"cannot be listened on: {exception.Message}";
            throw Refusal(endpoint, settingKey, reason, exception);
        }
    }

    private static StartupException Refusal(IPEndPoint endpoint, string settingKey, string reason, SocketException cause) =>
        new($"port {endpoint.Port} on {endpoint.Address} {reason}; free it or set {settingKey} to another port", cause);
}
