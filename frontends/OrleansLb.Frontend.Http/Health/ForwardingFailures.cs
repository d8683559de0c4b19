using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>Reads the forwarder's error.</summary>
internal static class ForwardingFailures
{
    public static ForwardingFailure Classify(IForwarderErrorFeature failure) => failure switch
    {
        { Error: ForwarderError.Request, Exception: HttpRequestException request } => Classify(request),
        { Error: ForwarderError.Request, Exception: IOException } => ForwardingFailure.Reset,

        // The handler's own limit for connecting; the limit for answers cancels without an inner timeout.
        { Error: ForwarderError.RequestTimedOut, Exception: OperationCanceledException { InnerException: TimeoutException } } => ForwardingFailure.NotConnected,
        _ => ForwardingFailure.None,
    };

    /// <summary>Whether an error is a gateway failure of the backend: not the client's, not of our own making.</summary>
    /// <param name="error">The forwarder's error.</param>
    /// <param name="answered">Whether the head of an answer had arrived; a backend may answer without reading the whole request.</param>
    public static bool IsOfBackend(ForwarderError error, bool answered) => error switch
    {
        ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination => !answered,
        ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination => true,
        _ => false,
    };

    private static ForwardingFailure Classify(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => ForwardingFailure.NotConnected,
        HttpRequestError.ResponseEnded => ForwardingFailure.Reset,
        HttpRequestError.Unknown when failure.InnerException is IOException => ForwardingFailure.Reset,
        _ => ForwardingFailure.None,
    };
}
