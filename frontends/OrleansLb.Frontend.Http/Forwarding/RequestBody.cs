using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Sends the head of a request and its body behind it, while the answer may already come. What of the body is there goes out with the head, in one call of the system.
/// </summary>
/// <param name="buffer">Holds the head, and then pieces of the body.</param>
/// <param name="deadline">How long either side may take.</param>
/// <param name="rules">Which trailers may go out.</param>
/// <param name="expectation">Set if the client waits to be asked for it.</param>
internal sealed class RequestBody(HeadBuffer buffer, Deadline deadline, FieldRules rules, Expectation? expectation)
{
    private const int LargestChunk = 8 * 1024;

    // Sixteen digits, two line ends.
    private const int LargestChunkFrame = 20;

    private HttpContext _context = null!;
    private BackendConnection _connection = null!;
    private RequestFraming _framing;
    private long _sent;

    // Whose fault a failure is: the client's while its body is read, else the backend's.
    private bool _isReading;
    private volatile bool _hasFailed;

    /// <summary>Whether any of the body was asked for, so that the request cannot be sent again.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Whether it failed. Said before the connection is aborted for it, so that who sees that knows why.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Ends when the client may be answered: see <see cref="Expectation"/>.</summary>
    public Task AllowsAnswer => expectation?.Decision ?? Task.CompletedTask;

    /// <summary>The backend wants the body, or has answered without it.</summary>
    public void Permit(bool isWanted) => expectation?.Permit(isWanted);

    /// <summary>Sends all.</summary>
    /// <param name="context">The client's request.</param>
    /// <param name="framing">How the body goes out.</param>
    /// <param name="connection">Where to.</param>
    public async Task<CopyResult> Send(HttpContext context, RequestFraming framing, BackendConnection connection)
    {
        (_context, _framing, _connection) = (context, framing, connection);
        try
        {
            if (expectation is not null)
                await Flush();
            if (expectation is not null && !await expectation.IsWanted(deadline.Token))
                return new(CopyEnd.Done, null);
            IsBegun = true;
            await Copy(context.Request.BodyReader);
            return new(CopyEnd.Done, null);
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
        finally
        {
            expectation?.Decide();
        }
    }

    private CopyResult Failed(Exception exception)
    {
        _hasFailed = true;
        if (deadline.IsAbandoned)
            return new(CopyEnd.Cancelled, exception);
        if (!_isReading)
            return new(CopyEnd.SinkFailed, exception);
        // The backend waits for the rest, and we for its answer: neither will come.
        _connection.Abort();
        return new(CopyEnd.SourceFailed, exception);
    }

    private async Task Copy(PipeReader reader)
    {
        var isFirst = true;
        while (true)
        {
            var result = await Read(reader, isFirst);
            isFirst = false;
            try
            {
                CheckLength(result);
                foreach (var piece in result.Buffer)
                    await Write(piece);
            }
            finally
            {
                // However it ends: the server reads what is left, and could not while a read is open.
                reader.AdvanceTo(result.Buffer.End);
            }

            if (result.IsCanceled)
                throw new OperationCanceledException(deadline.Token);
            if (result.IsCompleted)
                break;
            await Flush();
        }

        End();
        await Flush();
    }

    private async ValueTask<ReadResult> Read(PipeReader reader, bool isFirst)
    {
        _isReading = true;
        if (!reader.TryRead(out var result))
        {
            // The backend may decide by the head alone, and must not wait for it.
            _isReading = false;
            if (isFirst)
                await Flush();
            _isReading = true;
            var reading = reader.ReadAsync(deadline.Token);
            expectation?.Decide();
            result = await reading;
        }

        _isReading = false;
        deadline.Progress();
        return result;
    }

    private void CheckLength(ReadResult result)
    {
        _sent += result.Buffer.Length;
        if (_framing.IsChunked || (_sent <= _framing.Length && (!result.IsCompleted || _sent == _framing.Length)))
            return;
        _isReading = true;
        throw new InvalidOperationException($"The body has {_sent} bytes, and its head says {_framing.Length}.");
    }

    private async ValueTask Write(ReadOnlyMemory<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var part = piece[..Math.Min(piece.Length, LargestChunk)];
            if (buffer.Room < part.Length + LargestChunkFrame)
                await Flush();
            AddPart(part.Span);
            piece = piece[part.Length..];
        }
    }

    private void AddPart(ReadOnlySpan<byte> part)
    {
        if (_framing.IsChunked)
        {
            buffer.Add(part.Length, "x");
            buffer.Add("\r\n"u8);
            buffer.Add(part);
            buffer.Add("\r\n"u8);
        }
        else
        {
            buffer.Add(part);
        }
    }

    private void End()
    {
        if (!_framing.IsChunked)
            return;
        buffer.Add("0\r\n"u8);
        _isReading = true;
        AddTrailers();
        _isReading = false;
        buffer.Add("\r\n"u8);
    }

    // One that cannot be written is dropped, since the head has long been sent and YARP passes on no trailers at all.
    private void AddTrailers()
    {
        if (_context.Features.Get<IHttpRequestTrailersFeature>() is not { Available: true } feature)
            return;
        foreach (var (name, values) in feature.Trailers)
        {
            var value = values.ToString();
            if (Http1Characters.IsToken(name) && HopByHop.MayBeTrailer(name) && rules.IsUsual(name) && HeadBuffer.IsFit(value))
                buffer.AddField(name, value);
        }
    }

    private async ValueTask Flush()
    {
        if (buffer.Length == 0)
            return;
        await _connection.Send(buffer.Written);
        buffer.Clear();
        deadline.Progress();
    }
}
