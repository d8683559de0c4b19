using System.Net.Sockets;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Http.Http1;
using OrleansLb.Frontend.Http.Refusals;
using OrleansLb.Frontend.Sessions;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Reads how a request ended: from what was said of it on the way, else from what the forwarder left.</summary>
internal static class EndReasons
{
    public static (EndReason Reason, string? Detail) Of(HttpContext context, RequestNote note, bool hasThrown)
    {
        if (note.Reason is { } said)
            return (said, note.Detail);
        if (context.Features.Get<IForwarderErrorFeature>() is { } failure)
            return Of(context, failure, note);
        if (hasThrown)
            return (note.HasClientLeft ? EndReason.ClientLeftWaiting : EndReason.Failed, null);
        return (OfAnswer(context), null);
    }

    private static (EndReason Reason, string? Detail) Of(HttpContext context, IForwarderErrorFeature failure, RequestNote note)
    {
        if (failure.Error == ForwarderError.RequestBodyClient && context.Features.Get<ChunkedRequestReader>() is { Fault: not Http1Fault.None and var ofRequest })
            return (EndReason.BadBody, ChunkedRequestReader.ReasonOf(ofRequest));
        var reason = Of(failure, context.Response.HasStarted, note.HasClientLeft, note.IsBodyPending);
        if (reason == EndReason.BadBody)
            return (reason, BodyFaults.ReasonOf(failure));
        return (reason, FaultIn(failure.Exception) is { } ofAnswer ? ForwardingMetrics.NameOf(ofAnswer) : null);
    }

    /// <summary>Reads the forwarder's error.</summary>
    /// <param name="failure">What it left.</param>
    /// <param name="hasAnswered">Whether the client got some of an answer of the backend.</param>
    /// <param name="hasLeft">Whether the client is gone by itself.</param>
    /// <param name="isBodyPending">Whether it had not sent all.</param>
    internal static EndReason Of(IForwarderErrorFeature failure, bool hasAnswered, bool hasLeft, bool isBodyPending) => failure.Error switch
    {
        ForwarderError.NoAvailableDestinations => EndReason.NoBackend,
        ForwarderError.Request => OfRequest(failure),
        ForwarderError.RequestTimedOut => ForwardingFailures.Classify(failure) == ForwardingFailure.NotConnected ? EndReason.ConnectTimeout : EndReason.BackendTimeout,
        ForwarderError.RequestCanceled when !isBodyPending => EndReason.ClientLeftWaiting,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled => EndReason.ClientLeftRequest,
        ForwarderError.RequestBodyClient => OfBody(First(failure.Exception), hasLeft),
        ForwarderError.RequestBodyDestination when hasAnswered => IsOurEnd(First(failure.Exception)) ? EndReason.AnswerTimeout : EndReason.AnswerBroken,
        ForwarderError.RequestBodyDestination => IsOurEnd(First(failure.Exception)) ? EndReason.BackendTimeout : EndReason.BackendReset,
        ForwarderError.ResponseHeaders => EndReason.AnswerRefused,
        ForwarderError.ResponseBodyDestination => OfAnswerBody(failure.Exception),
        ForwarderError.ResponseBodyCanceled => hasLeft ? EndReason.ClientLeftAnswer : EndReason.AnswerTimeout,
        ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient
            or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeResponseClient => EndReason.ClientLeftAnswer,
        ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => EndReason.AnswerBroken,
        ForwarderError.UpgradeActivityTimeout => EndReason.TunnelTimeout,
        _ => EndReason.Failed,
    };

    private static EndReason OfRequest(IForwarderErrorFeature failure)
    {
        if (FaultIn(failure.Exception) is not null)
            return EndReason.AnswerRefused;
        if (ForwardingFailures.Classify(failure) == ForwardingFailure.NotConnected)
            return EndReason.ConnectFailed;
        return failure.Exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError } => EndReason.AnswerRefused,
            HttpRequestException or IOException => EndReason.BackendReset,
            _ => EndReason.Failed,
        };
    }

    // A connection that ends within a body makes a bad one of it for the server, which may say that before it says that the client is gone.
    private static EndReason OfBody(Exception? exception, bool hasLeft) => exception switch
    {
        IOException when BodyFaults.ReasonOf(exception) is null => EndReason.ClientLeftRequest,
        BadHttpRequestException when hasLeft => EndReason.ClientLeftRequest,
        _ => EndReason.BadBody,
    };

    private static EndReason OfAnswerBody(Exception? exception)
    {
        if (FaultIn(exception) is not null)
            return EndReason.AnswerRefused;
        return IsOurEnd(exception) ? EndReason.AnswerTimeout : EndReason.AnswerBroken;
    }

    // When time is over the connection is ended from our side, under the hands of whoever uses it.
    private static bool IsOurEnd(Exception? exception) =>
        exception is OperationCanceledException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted };

    private static EndReason OfAnswer(HttpContext context)
    {
        if (context.Features.Get<IReverseProxyFeature>() is { } proxy)
            return proxy.ProxiedDestination is not null || context.Response.StatusCode < StatusCodes.Status400BadRequest ? EndReason.Ok : OfNoBackend(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is not null)
            return IsLeave(context) ? EndReason.Ok : EndReason.Unauthorized;
        return context.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed ? EndReason.NoRoute : EndReason.Ok;
    }

    /// <summary>Whether a browser was told what pages of other origins may do, which takes no backend.</summary>
    private static bool IsLeave(HttpContext context) =>
        HttpMethods.IsOptions(context.Request.Method) && context.Response.StatusCode == StatusCodes.Status204NoContent && context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null;

    private static EndReason OfNoBackend(HttpContext context) =>
        context.Features.Get<AffinityFeature>() is { Decision.Outcome: AffinityOutcome.Refuse or AffinityOutcome.RefuseAndForget }
        || context.Features.Get<SessionFeature>() is { Outcome: SessionPlaceOutcome.Refused }
            ? EndReason.SessionRefused
            : EndReason.NoBackend;

    /// <summary>What is wrong with an answer, beyond that it ended early.</summary>
    private static Http1Fault? FaultIn(Exception? exception) => exception switch
    {
        AnswerRefusedException { Fault: not Http1Fault.EndedEarly } refused => refused.Fault,
        { InnerException: { } inner } => FaultIn(inner),
        _ => null,
    };

    private static Exception? First(Exception? exception) => exception is AggregateException several ? several.InnerExceptions[0] : exception;
}
