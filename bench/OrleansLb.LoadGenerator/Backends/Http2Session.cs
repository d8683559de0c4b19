using System.Buffers.Binary;
using OrleansLb.LoadGenerator.Http2;

namespace OrleansLb.LoadGenerator.Backends;

/// <summary>
/// HTTP/2 at the backend (RFC 9113), without TLS and from the first byte on. It answers any request with 100 bytes, and a call of gRPC with the messages that <see cref="GrpcQuestion"/> asks
/// for: one of each call at a time, as a server sends what it writes one after the other. Fields of requests are not read, so HPACK's table is not either.
/// </summary>
internal sealed class Http2Session : IBackendSession
{
    /// <summary>What a client says first, as a reader of HTTP/1.1 sees it.</summary>
    public const string FirstLine = "PRI * HTTP/2.0";

    private const int UsualWindow = 65_535;
    private const int InitialWindowSize = 4;
    private const int SettingLength = 6;
    private const int MaxConcurrentStreams = 3;
    private const int Streams = 250;
    private const int GiveBackFrom = 32 * 1024;

    private readonly InputBuffer _input = new();
    private readonly OutputBuffer _output = new();
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly Queue<Http2Stream> _ready = new();
    private readonly Dictionary<int, byte[]> _messages = [];
    private int _window = UsualWindow;
    private int _streamWindow = UsualWindow;
    private int _unacknowledged;
    private bool _isGreeted;
    private bool _isBlocked;
    private (int Stream, bool Ends) _head;

    public bool HasMore => !_output.IsEmpty || (_ready.Count > 0 && !_isBlocked);

    private static ReadOnlySpan<byte> RestOfGreeting => "SM\r\n\r\n"u8;

    public bool Read(ReadOnlySpan<byte> bytes)
    {
        var rest = _input.Join(bytes);
        if (!_isGreeted && !TryGreet(ref rest, out var isHttp2))
        {
            _input.Keep(rest);
            return isHttp2;
        }

        while (TryReadFrame(ref rest))
        {
        }

        _input.Keep(rest);
        return true;
    }

    public ReadOnlyMemory<byte> Take()
    {
        SendOneOfEach();
        return _output.Take();
    }

    private bool TryGreet(ref ReadOnlySpan<byte> bytes, out bool isHttp2)
    {
        isHttp2 = bytes.Length < RestOfGreeting.Length || bytes.StartsWith(RestOfGreeting);
        if (!isHttp2 || bytes.Length < RestOfGreeting.Length)
            return false;
        bytes = bytes[RestOfGreeting.Length..];
        Span<byte> setting = stackalloc byte[SettingLength];
        BinaryPrimitives.WriteInt16BigEndian(setting, MaxConcurrentStreams);
        BinaryPrimitives.WriteInt32BigEndian(setting[2..], Streams);
        Write(FrameType.Settings, 0, 0, setting);
        return _isGreeted = true;
    }

    private bool TryReadFrame(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Http2Answers.FrameHead)
            return false;
        var end = Http2Answers.FrameHead + (BinaryPrimitives.ReadInt32BigEndian(bytes) >>> 8);
        if (bytes.Length < end)
            return false;
        Read((FrameType)bytes[3], bytes[4], BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue, bytes[Http2Answers.FrameHead..end]);
        bytes = bytes[end..];
        return true;
    }

    private void Read(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case FrameType.Headers:
                // A second head of the same stream is its trailers.
                _streams.TryAdd(stream, new Http2Stream(stream, _streamWindow));
                _head = (stream, (flags & Http2Answers.EndStream) != 0);
                EndHead(flags);
                break;
            case FrameType.Continuation:
                EndHead(flags);
                break;
            case FrameType.Data:
                ReadData(flags, stream, payload);
                break;
            case FrameType.Settings when (flags & Http2Answers.Acknowledged) == 0:
                ReadSettings(payload);
                break;
            case FrameType.Ping when (flags & Http2Answers.Acknowledged) == 0:
                Write(FrameType.Ping, Http2Answers.Acknowledged, 0, payload);
                break;
            case FrameType.WindowUpdate:
                Widen(stream, BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
            case FrameType.ResetStream:
                _streams.Remove(stream);
                break;
        }
    }

    private void EndHead(byte flags)
    {
        if ((flags & Http2Answers.EndHeaders) != 0 && _head.Ends)
            Answer(_head.Stream);
    }

    private void ReadData(byte flags, int id, ReadOnlySpan<byte> payload)
    {
        _unacknowledged = GiveBack(0, _unacknowledged + payload.Length);
        if (!_streams.TryGetValue(id, out var stream))
            return; // It was reset.
        stream.Add((flags & Http2Answers.Padded) != 0 ? payload[1..^payload[0]] : payload);
        if ((flags & Http2Answers.EndStream) != 0)
            Answer(id);
        else
            stream.Unacknowledged = GiveBack(id, stream.Unacknowledged + payload.Length);
    }

    private int GiveBack(int stream, int bytes)
    {
        if (bytes < GiveBackFrom)
            return bytes;
        Span<byte> increment = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(increment, bytes);
        Write(FrameType.WindowUpdate, 0, stream, increment);
        return 0;
    }

    private void ReadSettings(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= SettingLength; settings = settings[SettingLength..])
        {
            if (BinaryPrimitives.ReadInt16BigEndian(settings) != InitialWindowSize)
                continue;
            var window = BinaryPrimitives.ReadInt32BigEndian(settings[2..]);
            foreach (var stream in _streams.Values)
                stream.Window += window - _streamWindow;
            (_streamWindow, _isBlocked) = (window, false);
        }

        Write(FrameType.Settings, Http2Answers.Acknowledged, 0, []);
    }

    private void Widen(int id, int bytes)
    {
        if (id == 0)
            _window += bytes;
        else if (_streams.TryGetValue(id, out var stream))
            stream.Window += bytes;
        _isBlocked = false;
    }

    private void Answer(int id)
    {
        var stream = _streams[id];
        stream.Understand(length => _messages.TryGetValue(length, out var message) ? message : _messages[length] = Http2Answers.Message(length));
        _ready.Enqueue(stream);
        _isBlocked = false;
    }

    /// <summary>The next message of each answer that is not out, as far as the other side takes it.</summary>
    private void SendOneOfEach()
    {
        var (sent, count) = (0, _ready.Count);
        for (var i = 0; i < count; i++)
        {
            var stream = _ready.Dequeue();
            if (!_streams.ContainsKey(stream.Id))
                continue; // It was reset.
            var fits = stream.Message.Length <= Math.Min(_window, stream.Window);
            sent += fits ? 1 : 0;
            if (!fits || !Send(stream))
                _ready.Enqueue(stream);
        }

        _isBlocked = sent == 0;
    }

    /// <returns>Whether that was the last of it.</returns>
    private bool Send(Http2Stream stream)
    {
        if (!stream.HasStarted)
            Write(FrameType.Headers, Http2Answers.EndHeaders, stream.Id, stream.Question is null ? Http2Answers.PlainHead : Http2Answers.GrpcStart);
        stream.HasStarted = true;
        var isLast = stream.IsLast;
        Write(FrameType.Data, isLast && stream.Question is null ? Http2Answers.EndStream : (byte)0, stream.Id, stream.Message);
        _window -= stream.Message.Length;
        stream.MessageIsOut();
        if (!isLast)
            return false;
        if (stream.Question is not null)
            Write(FrameType.Headers, Http2Answers.EndHeaders | Http2Answers.EndStream, stream.Id, Http2Answers.GrpcEnd);
        return _streams.Remove(stream.Id);
    }

    private void Write(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[Http2Answers.FrameHead];
        Http2Answers.WriteHead(head, payload.Length, type, flags, stream);
        _output.Write(head);
        _output.Write(payload);
    }
}
