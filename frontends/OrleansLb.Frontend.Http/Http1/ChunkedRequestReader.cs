using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Http1;

/// <summary>
/// Looks at the chunks of requests before the server does, which steps over whatever follows the size of a chunk. Of a fault the server gets the bytes before it and then some that it refuses by
/// itself wherever it is: so it answers and ends the connection as it does for faults that it finds. It is one of the connection's features.
/// </summary>
internal sealed class ChunkedRequestReader(ConnectionContext connection, RejectionMetrics metrics) : PipeReader
{
    // A carriage return is followed by a line feed wherever the server takes one at all.
    private static readonly byte[] Unreadable = "\r\r"u8.ToArray();

    private readonly PipeReader _inner = connection.Transport.Input;

    private RequestChunks _chunks;
    private bool _isLooking;
    private ReadOnlySequence<byte> _buffer;

    // What of the buffer was looked at when it was given out before.
    private long _seen;

    /// <summary>What is wrong with the request; there is none after it.</summary>
    public Http1Fault Fault { get; private set; }

    // Complete, or whoever does not take it would be given it again and again.
    private ReadResult Last => new(_buffer, isCanceled: false, isCompleted: true);

    /// <summary>The server has read the head of a request whose body comes in chunks, and nothing behind it.</summary>
    public void Begin() => (_chunks, _isLooking, _seen) = (new RequestChunks(), true, 0);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => _isLooking ? Look(cancellationToken) : _inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        if (Fault != Http1Fault.None)
        {
            result = Last;
            return true;
        }

        if (!_inner.TryRead(out result))
            return false;
        if (_isLooking)
            result = Look(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (Fault != Http1Fault.None)
        {
            _buffer = _buffer.Slice(consumed);
            return;
        }

        if (_isLooking)
            _seen -= _buffer.Slice(0, consumed).Length;
        _buffer = default;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => _inner.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> Look(CancellationToken cancellationToken) =>
        Fault == Http1Fault.None ? Look(await _inner.ReadAsync(cancellationToken)) : Last;

    private ReadResult Look(in ReadResult result)
    {
        _buffer = result.Buffer;
        foreach (var part in _buffer.Slice(_seen))
        {
            var step = _chunks.Read(part.Span, out var consumed);
            _seen += consumed;
            if (step == Http1Step.Refused)
                return Refuse();
            if (step == Http1Step.NeedMore)
                continue;
            _isLooking = false;
            break;
        }

        return result;
    }

    private ReadResult Refuse()
    {
        Fault = _chunks.Fault;
        metrics.BodyRejected(connection, ReasonOf(Fault));
        var end = _buffer.End;
        _buffer = new ReadOnlySequence<byte>([.. _buffer.Slice(0, _seen - 1).ToArray(), .. Unreadable]);
        // Nothing of what follows is read by anybody.
        _inner.AdvanceTo(end);
        return Last;
    }

    /// <summary>How a fault is counted, and said of the request.</summary>
    public static string ReasonOf(Http1Fault fault) => fault switch
    {
        Http1Fault.Chunk => "framing.chunk",
        Http1Fault.ChunkExtension => "framing.chunk_extension",
        Http1Fault.TrailersTooLarge => "limit.trailers",
        _ => "framing.trailer",
    };
}
