namespace OrleansLb.Core.Http1;

/// <summary>
/// Follows the body of a request that comes in chunks, from its first byte to the end of its trailers (RFC 9112, section 7.1), and says where it is not what everybody reads alike or is beyond
/// <see cref="Http1Limits"/>. It takes nothing out and keeps nothing.
/// </summary>
public struct RequestChunks
{
    private ChunkedBody _body = new() { IsStrict = true };
    private TrailerLines _trailers;
    private bool _isBehindLastChunk;

    /// <summary>At the beginning of a body.</summary>
    public RequestChunks()
    {
    }

    /// <summary>What is wrong, when it is <see cref="Http1Step.Refused"/>.</summary>
    public readonly Http1Fault Fault => _isBehindLastChunk ? _trailers.Fault : _body.Fault;

    /// <summary>Reads on, up to the end of the body.</summary>
    /// <param name="bytes">What has not been consumed yet.</param>
    /// <param name="consumed">Receives how many of them were: all while more are needed, and of a fault the byte that is wrong too.</param>
    public Http1Step Read(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        while (!_isBehindLastChunk)
        {
            var step = _body.Read(bytes[consumed..], out var read, out _);
            consumed += read;
            if (step == ChunkedStep.Refused)
                return Http1Step.Refused;
            if (step == ChunkedStep.Trailers)
                _isBehindLastChunk = true;
            else if (consumed == bytes.Length)
                return Http1Step.NeedMore;
        }

        var trailers = _trailers.Read(bytes[consumed..], out var ofTrailers);
        consumed += ofTrailers;
        return trailers;
    }
}
