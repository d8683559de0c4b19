using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.Outcomes;
using OrleansLb.Frontend.Http.Retries;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>One request on its way to a backend, and its answer on the way back. The object is used again for other requests.</summary>
internal sealed partial class DirectExchange(ObjectPool<DirectExchange> unused, BackendDialer dialer, FieldRules rules, ForwardingTimes times, ForwardingMetrics metrics, TimeProvider clock, ILogger<DirectForwarder> logger)
    : IDisposable
{
    private readonly HeadBuffer _buffer = new();
    private readonly Deadline _deadline = new(clock);
    private AnswerBody? _answer;
    private RequestBody? _body;
    private Task<CopyResult>? _sending;
    private HttpContext _context = null!;
    private BackendTarget _target = null!;
    private ConnectionPool _pool = null!;
    private ResponseTransform? _affinity;
    private BackendConnection? _connection;
    private RequestFraming _framing;
    private string? _host;
    private bool _isHead;
    private int _interim;

    private AnswerBody Answer => _answer ??= new AnswerBody(_deadline);

    /// <summary>Writes the head; false if it is none that can be written here.</summary>
    public bool TryPrepare(HttpContext context, BackendTarget target, string? host, RequestFraming framing)
    {
        (_context, _target, _host, _framing) = (context, target, host, framing);
        _isHead = HttpMethods.IsHead(context.Request.Method);
        _buffer.Clear();
        if (TryWriteHead())
            return true;
        _context = null!;
        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwarderError> Run(ConnectionPool pool, ForwarderRequestConfig config, ResponseTransform? affinity)
    {
        (_pool, _affinity) = (pool, affinity);
        if (config.AllowResponseBuffering != true)
            _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var hasEntered = false;
        try
        {
            _deadline.Begin(config.ActivityTimeout ?? times.Head, _context.RequestAborted);
            await pool.Enter(_deadline.Token);
            hasEntered = true;
            return await Forward(config.ActivityTimeout ?? times.Body);
        }
        catch (OperationCanceledException exception) when (!hasEntered)
        {
            return await FailedBeforeTheAnswer(exception);
        }
        finally
        {
            Finish(hasEntered);
        }
    }

    public void Dispose() => _deadline.Dispose();

    private bool TryWriteHead()
    {
        try
        {
            RequestHeadWriter.Write(_buffer, _context, _target, _host, _framing, rules);
            return !_buffer.IsUnfit;
        }
        catch (Exception exception) when (exception is UriFormatException or ArgumentException)
        {
            // YARP fails on it too, and says so in its own words.
            return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> Forward(TimeSpan bodyTimeout)
    {
        try
        {
            await Ask();
        }
        catch (Exception exception)
        {
            return await FailedBeforeTheAnswer(exception);
        }

        if (AnswerChoice.IsUnwanted(_context, _connection!.Head.Status))
            return await Discard();
        _deadline.Use(bodyTimeout);
        var framing = _connection.Head.Framing(_isHead);
        try
        {
            AnswerHead.Write(_context, _connection);
            _context.Features.Get<BackendAttempt>()?.Answered(_connection.Head.Status);
            await Affinitize();
        }
        catch (Exception exception)
        {
            return await FailedHead(exception);
        }

        var copied = await Answer.Copy(_context, _connection, framing);
        if (copied.End == CopyEnd.Done && _sending is { IsCompleted: false })
            copied = await Answer.Complete();
        if (copied.End != CopyEnd.Done)
            return await FailedAnswer(copied);
        return await AwaitBody(framing);
    }

    /// <summary>Passes nothing of the answer on. One that is here whole leaves its connection to others; it is not worth waiting for the rest of one that is not.</summary>
    private async ValueTask<ForwarderError> Discard()
    {
        var (connection, head) = (_connection!, _connection!.Head);
        _context.Features.Get<BackendAttempt>()?.Answered(head.Status);
        _context.Response.StatusCode = head.Status;
        var framing = head.Framing(_isHead);
        if (framing == BodyFraming.Length && connection.Unread.Length == head.ContentLength)
            connection.Consume(connection.Unread.Length);
        var isWhole = framing is BodyFraming.None or BodyFraming.Length && connection.Unread.IsEmpty;
        if (isWhole && _sending is not { IsCompleted: false })
            KeepConnection(framing);
        if (_connection is not null)
            await StopSending();
        return ForwarderError.None;
    }

    /// <summary>Binds the client to the backend, or moves it, if the route has sessions: once what the client gets is known, and before it gets it.</summary>
    private ValueTask Affinitize() => _affinity?.ApplyAsync(new ResponseTransformContext { HttpContext = _context, HeadersCopied = true, CancellationToken = _deadline.Token }) ?? default;

    /// <summary>Sends the request and reads the head of its answer, on another connection if the first was closed before it said a word.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Ask()
    {
        try
        {
            await AskOn(_pool.TryTake(out var idle) ? idle : await dialer.Dial(_target, _pool, _deadline.Token));
        }
        catch (Exception exception) when (MayAskAgain(exception))
        {
            metrics.Retried();
            _connection!.Dispose();
            _buffer.Clear();
            RequestHeadWriter.Write(_buffer, _context, _target, _host, _framing, rules);
            await AskOn(await DialAgain(exception));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskOn(BackendConnection connection)
    {
        _connection = connection;
        _deadline.Guard(connection);
        await Send();
        await ReadHead();
    }

    /// <summary>Dials for the second attempt. If that fails, the first one's failure stands: it may have arrived, and nobody shall send it elsewhere as if nothing had been sent.</summary>
    private async ValueTask<BackendConnection> DialAgain(Exception first)
    {
        try
        {
            return await dialer.Dial(_target, _pool, _deadline.Token);
        }
        catch (Exception) when (!_deadline.IsOver)
        {
            ExceptionDispatchInfo.Throw(first);
            throw;
        }
    }

    /// <summary>
    /// Whether a kept connection ended before it said anything, which a backend's own limit for idle connections does; and the request has no body and may be done twice, since nobody
    /// knows whether it arrived.
    /// </summary>
    private bool MayAskAgain(Exception exception) =>
        _connection is { IsReused: true } connection && !_framing.HasBody && !_deadline.IsOver && _interim == 0 && connection.Bytes.IsEmpty && IdempotentMethods.Contains(_context.Request.Method)
        && exception is SocketException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Send()
    {
        if (!_framing.HasBody)
        {
            await _connection!.Send(_buffer.Written);
            _deadline.Progress();
            return;
        }

        var isExpecting = _context.Request.Headers[HeaderNames.Expect].ToString().Contains("100-continue", StringComparison.OrdinalIgnoreCase);
        _body = new RequestBody(_buffer, _deadline, rules, isExpecting ? new Expectation(times.Continue, clock) : null);
        _sending = _body.Send(_context, _framing, _connection!);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadHead()
    {
        var connection = _connection!;
        _interim = 0;
        connection.Head.Begin(0);
        while (true)
        {
            switch (connection.Head.Read(connection.Bytes))
            {
                case Http1Step.Refused:
                    throw new AnswerRefusedException(connection.Head.Fault);
                case Http1Step.NeedMore:
                    // No progress, as with YARP: a backend that says a head byte by byte would have for ever.
                    if (await connection.Fill() == 0)
                        throw EndOf(connection);
                    break;
                default:
                    connection.Consume(connection.Head.Length);
                    if (!connection.Head.IsInterim)
                    {
                        await Accept(connection);
                        return;
                    }

                    PassOver(connection);
                    break;
            }
        }
    }

    private static Exception EndOf(BackendConnection connection) => connection.Bytes.IsEmpty
        ? new HttpRequestException(HttpRequestError.ResponseEnded, "The backend closed the connection without an answer.")
        : new AnswerRefusedException(Http1Fault.EndedEarly);

    private Task Accept(BackendConnection connection)
    {
        // A success does not say that the body is not wanted: YARP's client sends it then.
        _body?.Permit(isWanted: connection.Head.Status < StatusCodes.Status300MultipleChoices);
        if (connection.Head.Framing(_isHead) == BodyFraming.None && !connection.Unread.IsEmpty)
            throw new AnswerRefusedException(Http1Fault.Surplus);
        return _body?.AllowsAnswer ?? Task.CompletedTask;
    }

    private void PassOver(BackendConnection connection)
    {
        if (connection.Head.Status == StatusCodes.Status101SwitchingProtocols)
            throw new AnswerRefusedException(Http1Fault.Upgrade);
        if (++_interim > Http1Limits.InterimAnswers)
            throw new AnswerRefusedException(Http1Fault.InterimAnswers);
        if (connection.Head.Status == StatusCodes.Status100Continue)
            _body?.Permit(isWanted: true);
        connection.Compact();
        connection.Head.Begin(0);
    }

    /// <summary>The answer is complete; the request's body may not be.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> AwaitBody(BodyFraming framing)
    {
        var sent = _sending is null ? default : await _sending;
        if (sent.End == CopyEnd.Done)
        {
            KeepConnection(framing);
            return ForwarderError.None;
        }

        var error = sent.End switch
        {
            CopyEnd.SourceFailed => ForwarderError.RequestBodyClient,
            CopyEnd.SinkFailed => ForwarderError.RequestBodyDestination,
            _ => ForwarderError.RequestBodyCanceled,
        };
        return Report(error, sent.Exception);
    }

    private void KeepConnection(BodyFraming framing)
    {
        var (connection, head) = (_connection!, _connection!.Head);
        // A body that was announced where none may be is not believed to be absent.
        var isOdd = framing == BodyFraming.None && !_isHead && head.Status != StatusCodes.Status304NotModified && (head.IsChunked || head.ContentLength > 0);
        var isSent = _sending is null || _body!.IsBegun;
        if (!head.KeepsConnection || framing == BodyFraming.UntilClose || isOdd || !isSent || !connection.Unread.IsEmpty || !_deadline.TryFinish())
            return;
        _connection = null;
        _pool.Keep(connection);
    }

    private void Finish(bool hasEntered)
    {
        _connection?.Dispose();
        if (hasEntered)
            _pool.Leave();
        var isUnharmed = _deadline.End();
        _answer?.Forget();
        _interim = 0;
        (_context, _affinity, _connection, _sending, _body) = (null!, null, null, null, null);
        if (isUnharmed)
            unused.Return(this);
        else
            Dispose();
    }
}
