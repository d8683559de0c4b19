namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>Somebody who says one thing, hears the answer, and is gone.</summary>
internal sealed class OneMessageStream(ReadOnlyMemory<byte> message) : Stream
{
    private readonly MemoryStream _answer = new();
    private ReadOnlyMemory<byte> _unsaid = message;

    /// <summary>What was answered.</summary>
    public ReadOnlySpan<byte> Answer => _answer.GetBuffer().AsSpan(0, (int)_answer.Length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _unsaid.Length);
        _unsaid.Span[..count].CopyTo(buffer);
        _unsaid = _unsaid[count..];
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count) => _answer.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _answer.Write(buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
