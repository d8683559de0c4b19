namespace OrleansLb.LoadGenerator.Http2;

/// <summary>A request of HTTP/2 at the backend, and its answer as far as it is out.</summary>
internal sealed class Http2Stream(int id, int window)
{
    private readonly byte[] _body = new byte[GrpcQuestion.Longest];
    private int _bodyLength;
    private int _left;

    public int Id => id;

    /// <summary>How many bytes of data the other side takes.</summary>
    public int Window { get; set; } = window;

    /// <summary>Bytes of the body that the other side has not been given back.</summary>
    public int Unacknowledged { get; set; }

    public bool HasStarted { get; set; }

    /// <summary>What answers it; <see langword="null"/> for the usual 100 bytes.</summary>
    public GrpcQuestion? Question { get; private set; }

    public byte[] Message { get; private set; } = [];

    public bool IsLast => _left == 1;

    public void Add(ReadOnlySpan<byte> body)
    {
        var taken = Math.Min(body.Length, _body.Length - _bodyLength);
        body[..taken].CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += taken;
    }

    /// <summary>Finds out what answers it, once all of it has come.</summary>
    public void Understand(Func<int, byte[]> messages)
    {
        Question = GrpcQuestion.Parse(_body.AsSpan(0, _bodyLength));
        (Message, _left) = Question is null ? (Http2Answers.PlainBody, 1) : (messages(Question.Length), Question.Messages);
    }

    public void MessageIsOut()
    {
        Window -= Message.Length;
        _left--;
    }
}
