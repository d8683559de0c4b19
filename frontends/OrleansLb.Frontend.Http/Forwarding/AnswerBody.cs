using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Http1;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Copies the body of an answer to the client as it comes. Bytes go from the socket into the server's own buffer where nothing has to be taken out of them; a body that is there at once is
/// flushed by the end of the request, or by <see cref="Complete"/> if that is not yet near.
/// </summary>
internal sealed class AnswerBody(Deadline deadline)
{
    private const int LeastRead = 4 * 1024;

    private HttpContext _context = null!;
    private BackendConnection _connection = null!;
    private PipeWriter _writer = null!;
    private bool _isWriting;
    private bool _hasUnflushed;
    private bool _hasFlushed;

    /// <summary>Whether the client may have got any of it, so that another answer is not possible.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Lets go of the request that it was for.</summary>
    public void Forget() => (_context, _connection, _writer, IsBegun, _hasUnflushed, _hasFlushed, _isWriting) = (null!, null!, null!, false, false, false, false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CopyResult> Copy(HttpContext context, BackendConnection connection, BodyFraming framing)
    {
        (_context, _connection) = (context, connection);
        try
        {
            switch (framing)
            {
                case BodyFraming.Length:
                    _writer = context.Response.BodyWriter;
                    await CopyLength(connection.Head.ContentLength);
                    break;
                case BodyFraming.Chunked:
                    _writer = context.Response.BodyWriter;
                    await CopyChunks();
                    break;
                case BodyFraming.UntilClose:
                    _writer = context.Response.BodyWriter;
                    await CopyLength(long.MaxValue);
                    break;
                default:
                    break;
            }

            return new(CopyEnd.Done, null);
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    /// <summary>Lets the client have the end of it, though its own body goes on: it may wait for the one before it sends the rest of the other.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CopyResult> Complete()
    {
        try
        {
            await Flush();
            _isWriting = true;
            await _context.Response.CompleteAsync();
            return new(CopyEnd.Done, null);
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    private CopyResult Failed(Exception exception) =>
        new(deadline.IsAbandoned ? CopyEnd.Cancelled : _isWriting ? CopyEnd.SinkFailed : CopyEnd.SourceFailed, exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CopyLength(long left)
    {
        left -= _connection.Unread.Length;
        if (left < 0)
            throw new AnswerRefusedException(Http1Fault.Surplus);
        Write(_connection.Unread);
        _connection.Consume(_connection.Unread.Length);
        while (left > 0)
        {
            await Flush();
            var memory = _writer.GetMemory(LeastRead);
            var read = await _connection.ReadInto(memory[..(int)Math.Min(memory.Length, left)]);
            deadline.Progress();
            if (read == 0 && _connection.Head.ContentLength < 0)
                return;
            if (read == 0)
                throw new AnswerRefusedException(Http1Fault.EndedEarly);
            _writer.Advance(read);
            (IsBegun, _hasUnflushed) = (true, true);
            left -= read;
        }

        // At the end of a request the server flushes what ends the chunks, or the head, and nothing where there are no chunks and the head has gone.
        if (_hasFlushed)
            await Flush();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CopyChunks()
    {
        var chunks = default(ChunkedBody);
        while (!TakeChunks(ref chunks))
            await Fill();
        _connection.Compact();
        _connection.Trailers.Begin(0, 0);
        while (_connection.Trailers.Read(_connection.Bytes) is var step and not Http1Step.Complete)
        {
            if (step == Http1Step.Refused)
                throw new AnswerRefusedException(_connection.Trailers.Fault);
            await Fill();
        }

        if (_connection.Trailers.Position != _connection.Bytes.Length)
            throw new AnswerRefusedException(Http1Fault.Surplus);
        _connection.Consume(_connection.Trailers.Position);
        AnswerHead.WriteTrailers(_context, _connection);
    }

    /// <summary>Takes what is there; true at the last chunk.</summary>
    private bool TakeChunks(ref ChunkedBody chunks)
    {
        while (true)
        {
            var step = chunks.Read(_connection.Unread, out var consumed, out var data);
            Write(data);
            _connection.Consume(consumed);
            switch (step)
            {
                case ChunkedStep.Trailers:
                    return true;
                case ChunkedStep.NeedMore:
                    return false;
                case ChunkedStep.Refused:
                    throw new AnswerRefusedException(chunks.Fault);
                default:
                    break;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Fill()
    {
        await Flush();
        var read = await _connection.Fill();
        deadline.Progress();
        if (read == 0)
            throw new AnswerRefusedException(Http1Fault.EndedEarly);
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        _writer.Write(data);
        (IsBegun, _hasUnflushed) = (true, true);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Flush()
    {
        if (!_hasUnflushed)
            return;
        _isWriting = true;
        var result = await _writer.FlushAsync(deadline.Token);
        if (result.IsCanceled || result.IsCompleted)
            throw new OperationCanceledException("The client takes no more of the answer.");
        (_isWriting, _hasUnflushed, _hasFlushed) = (false, false, true);
        deadline.Progress();
    }
}
