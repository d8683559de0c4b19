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

    private static ForwardingFailure Classify(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => ForwardingFailure.NotConnected,
        HttpRequestError.ResponseEnded => ForwardingFailure.Reset,
        HttpRequestError.Unknown when failure.InnerException is IOException => ForwardingFailure.Reset,
        _ => ForwardingFailure.None,
    };
}
