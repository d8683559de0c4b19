using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansLb.LoadGenerator.Sockets;
using OrleansLb.LoadGenerator.WebSockets;

namespace OrleansLb.LoadGenerator.Backends;

/// <summary>
/// A backend that is cheap enough to leave the processors to what is measured: one thread, one read and one write a request. It answers any request with 100
/// bytes, and <c>/bytes/N</c> with N; a body of a request is read and forgotten. Who speaks HTTP/2 from the first byte on is answered so, and calls of gRPC with as many messages as they
/// ask for; messages of WebSockets come back. It listens on several ports, so that balancers have something to choose from.
/// </summary>
public sealed class PlainBackend : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private const int UsualLength = 100;
    private const int Most = 64 * 1024 * 1024;
    private const string BytesPath = "GET /bytes/";

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly SocketEvents _events = new();
    private readonly List<Socket> _listeners = [];
    private readonly List<BackendConnection?> _connections = [];
    private readonly Stack<int> _freePlaces = new();
    private readonly Dictionary<int, byte[]> _answers = [];
    private readonly byte[] _usual;
    private readonly byte[] _buffer = new byte[BufferSize];

    /// <summary>Listens on loopback.</summary>
    /// <param name="ports">Where.</param>
    /// <exception cref="SocketException">A port is in use.</exception>
    public PlainBackend(IEnumerable<int> ports)
    {
        _usual = AnswerOf(UsualLength);
        foreach (var port in ports)
            Listen(port);
    }

    /// <summary>Serves until it is ended.</summary>
    /// <param name="cancellation">Ends it.</param>
    public void Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var count = _events.Wait(LongestWait);
            for (var i = 0; i < count; i++)
                Serve(_events.Key(i));
        }
    }

    public void Dispose()
    {
        _listeners.ForEach(static listener => listener.Dispose());
        _connections.ForEach(static connection => connection?.Socket.Dispose());
        _events.Dispose();
    }

    private void Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listeners.Add(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(1024);
        listener.Blocking = false;
        _events.Watch(listener, -_listeners.Count);
    }

    // Listeners have keys below 0, connections their place in the list.
    private void Serve(int key)
    {
        if (key < 0)
            Accept(_listeners[-key - 1]);
        else if (_connections[key] is { } connection && !ReadAndAnswer(connection, key))
            Close(key);
    }

    private void Accept(Socket listener)
    {
        Socket socket;
        try
        {
            socket = listener.Accept();
        }
        catch (SocketException)
        {
            return; // Gone again before it was accepted.
        }

        socket.Blocking = false;
        socket.NoDelay = true;
        if (!_freePlaces.TryPop(out var place))
        {
            place = _connections.Count;
            _connections.Add(null);
        }

        _connections[place] = new BackendConnection(socket);
        _events.Watch(socket, place);
    }

    /// <returns>Whether the connection stays.</returns>
    private bool ReadAndAnswer(BackendConnection connection, int key)
    {
        if (connection.HasMore)
            return Send(connection, key);
        var count = connection.Socket.Receive(_buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return connection.Session is null || GoOn(connection, key);
        if (count == 0 || error != SocketError.Success)
            return false;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, count);
        return connection.Session is null ? AnswerAll(connection, key, bytes) : connection.Session.Read(bytes) && GoOn(connection, key);
    }

    private bool AnswerAll(BackendConnection connection, int key, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && connection.Request.Read(ref bytes))
        {
            if (connection.Request.FirstLine == Http2Session.FirstLine)
                return Become(new Http2Session(), connection, key, bytes);
            if (connection.Request.WebSocketKey.Length > 0)
                return BecomeWebSocket(connection, key, bytes);
            connection.Begin(AnswerTo(connection.Request.FirstLine));
            if (!Send(connection, key))
                return false;
        }

        return !connection.Request.Closes || connection.HasMore || !connection.Request.IsBetweenMessages;
    }

    private bool BecomeWebSocket(BackendConnection connection, int key, ReadOnlySpan<byte> bytes)
    {
        connection.Begin(WebSocketOpening.Accept(connection.Request.WebSocketKey));
        return Send(connection, key) && Become(new WebSocketEcho(), connection, key, bytes);
    }

    private bool Become(IBackendSession session, BackendConnection connection, int key, ReadOnlySpan<byte> bytes)
    {
        connection.Session = session;
        return session.Read(bytes) && GoOn(connection, key);
    }

    /// <summary>Sends what the session has; what comes after it is sent when others have had their turn.</summary>
    private bool GoOn(BackendConnection connection, int key)
    {
        if (!connection.HasMore)
            connection.Begin(connection.Session!.Take());
        return Send(connection, key);
    }

    private bool Send(BackendConnection connection, int key)
    {
        if (!connection.TrySend())
            return false;
        var waits = connection.HasMore || connection.Session?.HasMore == true;
        if (waits != connection.WaitsForRoom)
        {
            connection.WaitsForRoom = waits;
            _events.Watch(connection.Socket, key, writable: waits);
        }

        return true;
    }

    private byte[] AnswerTo(string firstLine)
    {
        if (!firstLine.StartsWith(BytesPath, StringComparison.Ordinal))
            return _usual;
        var number = firstLine.AsSpan(BytesPath.Length);
        if (!int.TryParse(number[..number.IndexOf(' ')], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > Most)
            return _usual;
        return _answers.TryGetValue(length, out var answer) ? answer : _answers[length] = AnswerOf(length);
    }

    private static byte[] AnswerOf(int length)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"));
        var answer = new byte[head.Length + length];
        head.CopyTo(answer, 0);
        answer.AsSpan(head.Length).Fill((byte)'x');
        return answer;
    }

    private void Close(int key)
    {
        _connections[key]!.Socket.Dispose();
        _connections[key] = null;
        _freePlaces.Push(key);
    }
}
