namespace OrleansLb.LoadGenerator.Load;

/// <summary>How clients connect.</summary>
/// <param name="Anew">Whether each request has a connection of its own; the handshake of TLS is part of its time then.</param>
/// <param name="Tls">Whether they speak TLS: 1.3, and a whole handshake for each connection.</param>
/// <param name="Opening">The request by which they open a WebSocket before anything else; <see langword="null"/> for none.</param>
/// <param name="Awaited">What each message of the WebSocket is answered with, byte by byte.</param>
public sealed record ClientStyle(bool Anew = false, bool Tls = false, byte[]? Opening = null, byte[]? Awaited = null)
{
    /// <summary>HTTP/1.1 over connections that are kept.</summary>
    public static ClientStyle Kept { get; } = new();
}
