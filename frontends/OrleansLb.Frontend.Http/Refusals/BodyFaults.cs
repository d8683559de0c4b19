using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Limits;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Refusals;

/// <summary>What the server finds wrong with a body while it is read: whoever reads it for a backend is told by an exception, and has the request fail.</summary>
internal static class BodyFaults
{
    // The server tells its reasons by words alone; they are translated into no language.
    private const string EndedEarly = "Unexpected end of request content.";

    private const string Chunk = "framing.chunk";

    /// <summary>How the fault of a body is counted; <see langword="null"/> where another reason ended the request.</summary>
    /// <param name="failure">What the forwarder left.</param>
    public static string? ReasonOf(IForwarderErrorFeature failure) => failure.Error == ForwarderError.RequestBodyClient ? ReasonOf(First(failure.Exception)) : null;

    /// <summary>The same of what reading it threw.</summary>
    /// <param name="exception">That.</param>
    public static string? ReasonOf(Exception? exception) => exception switch
    {
        // The client is gone: the server may say this before it knows that.
        BadHttpRequestException { Message: EndedEarly } => null,
        BadHttpRequestException bad => ReasonOf(bad.StatusCode),
        // A chunk that is larger than the server can count.
        IOException { InnerException: OverflowException } => Chunk,
        _ => null,
    };

    private static string ReasonOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => RejectionMetrics.BodyTooLarge,
        StatusCodes.Status408RequestTimeout => "timeout.body",
        _ => Chunk,
    };

    private static Exception? First(Exception? exception) => exception is AggregateException several ? several.InnerExceptions[0] : exception;
}
