using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Forwarding;

// What a failure is called, and what the client gets, is as with YARP: others decide by it.
internal sealed partial class DirectExchange
{
    private const int StreamCancelled = 8;
    private const int StreamFailed = 2;

    private async ValueTask<ForwarderError> FailedBeforeTheAnswer(Exception exception)
    {
        CountRefusal(exception);
        var sent = await FailureOfBody();
        if (_deadline.IsAbandoned)
            return await Answered(sent.End == CopyEnd.Cancelled ? ForwarderError.RequestBodyCanceled : ForwarderError.RequestCanceled, StatusCodes.Status400BadRequest, exception);
        if (sent.IsFailure)
            return await Affinitized(FailedBody(sent, exception));
        if (_deadline.IsTimedOut)
            return await Answered(ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout, new OperationCanceledException("The backend did not answer in time.", exception));
        if (exception is OperationCanceledException)
            return await Answered(ForwarderError.RequestTimedOut, StatusCodes.Status504GatewayTimeout, exception);
        return await Answered(ForwarderError.Request, StatusCodes.Status502BadGateway, AsRequestException(exception));
    }

    private async ValueTask<ForwarderError> FailedHead(Exception exception)
    {
        await StopSending();
        _context.Response.Clear();
        _context.Response.StatusCode = StatusCodes.Status502BadGateway;
        return Report(ForwarderError.ResponseHeaders, exception);
    }

    private async ValueTask<ForwarderError> FailedAnswer(CopyResult copied)
    {
        CountRefusal(copied.Exception!);
        if (await FailureOfBody() is { IsFailure: true } sent)
            return FailedBody(sent, copied.Exception!);
        await StopSending();
        var error = copied.End switch
        {
            CopyEnd.SourceFailed => ForwarderError.ResponseBodyDestination,
            CopyEnd.SinkFailed => ForwarderError.ResponseBodyClient,
            _ => ForwarderError.ResponseBodyCanceled,
        };
        Refuse(StatusCodes.Status502BadGateway, copied.End == CopyEnd.Cancelled);
        return Report(error, copied.Exception);
    }

    /// <summary>How the request's body failed, if it did. Its task ends after what it does to the connection is seen here; it waits for nothing in between.</summary>
    private async ValueTask<CopyResult> FailureOfBody() => _sending is not null && (_sending.IsCompleted || _body!.HasFailed) ? await _sending : default;

    private ForwarderError FailedBody(CopyResult sent, Exception other)
    {
        var isOfClient = sent.End == CopyEnd.SourceFailed;
        var status = (isOfClient, _deadline.IsTimedOut) switch
        {
            (true, true) => StatusCodes.Status408RequestTimeout,
            (true, false) => sent.Exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest,
            (false, true) => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status502BadGateway,
        };
        Refuse(status, isCancelled: false);
        return Report(isOfClient ? ForwarderError.RequestBodyClient : ForwarderError.RequestBodyDestination, new AggregateException(sent.Exception!, other));
    }

    private async ValueTask<ForwarderError> Answered(ForwarderError error, int status, Exception exception)
    {
        await StopSending();
        _context.Response.StatusCode = status;
        return await Affinitized(Report(error, exception));
    }

    /// <summary>YARP's own policies send their cookie with an error too.</summary>
    private async ValueTask<ForwarderError> Affinitized(ForwarderError error)
    {
        try
        {
            await Affinitize();
        }
        catch (OperationCanceledException)
        {
            // That the request was stopped is what is being reported.
        }

        return error;
    }

    /// <summary>Answers with a status while that is possible. Later nothing is left but to break off, or the client would take a part for the whole.</summary>
    private void Refuse(int status, bool isCancelled)
    {
        if (!_context.Response.HasStarted && _answer is not { IsBegun: true })
        {
            _context.Response.Clear();
            _context.Response.StatusCode = status;
        }
        else if (_context.Features.Get<IHttpResetFeature>() is { } stream)
        {
            stream.Reset(isCancelled ? StreamCancelled : StreamFailed);
        }
        else
        {
            _context.Abort();
        }
    }

    private async ValueTask StopSending()
    {
        _connection?.Abort();
        if (_sending is null)
            return;
        _body!.Permit(isWanted: false);
        if (!_sending.IsCompleted)
            _context.Request.BodyReader.CancelPendingRead();
        await _sending;
    }

    private ForwarderError Report(ForwarderError error, Exception? exception)
    {
        _context.Features.Set<IForwarderErrorFeature>(new ForwardedError(error, exception));
        if (error is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled)
            LogCancelled(logger, error, exception);
        else
            LogFailed(logger, error, _target.Host, exception);
        return error;
    }

    private void CountRefusal(Exception exception)
    {
        if (exception is AnswerRefusedException refused)
            metrics.Refused(refused.Fault);
    }

    private static Exception AsRequestException(Exception exception) => exception switch
    {
        HttpRequestException => exception,
        SocketException => new HttpRequestException(HttpRequestError.Unknown, exception.Message, new IOException(exception.Message, exception)),
        _ => new HttpRequestException(HttpRequestError.Unknown, exception.Message, exception),
    };
}
