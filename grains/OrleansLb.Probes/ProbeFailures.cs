using System.Net.Sockets;
using System.Security.Authentication;
using OrleansLb.Core.Health;

namespace OrleansLb.Probes;

/// <summary>Tells from an exception of the HTTP client what happened to a probe.</summary>
internal static class ProbeFailures
{
    public static ProbeOutcomeKind Classify(Exception failure)
    {
        for (var inner = failure; inner is not null; inner = inner.InnerException)
        {
            // The socket knows best: a name that has no address, say, comes wrapped as a failed connection on some paths.
            if (inner is SocketException socket) return Classify(socket.SocketErrorCode);
            if (inner is AuthenticationException) return ProbeOutcomeKind.TlsFailed;
            if (inner is HttpProtocolException http2) return Classify(http2.ErrorCode);
            if (inner is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }) return ProbeOutcomeKind.Reset;
        }

        return ErrorOf(failure) switch
        {
            HttpRequestError.NameResolutionError => ProbeOutcomeKind.NameNotResolved,
            HttpRequestError.SecureConnectionError => ProbeOutcomeKind.TlsFailed,
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError => ProbeOutcomeKind.Malformed,
            _ => ProbeOutcomeKind.Reset,
        };
    }

    private static HttpRequestError ErrorOf(Exception failure) => failure switch
    {
        HttpRequestException request => request.HttpRequestError,
        HttpIOException io => io.HttpRequestError,
        _ => HttpRequestError.Unknown,
    };

    /// <summary>Codes of RFC 9113, section 7: errors of the protocol, whoever made them, or an end of connection or stream for another reason.</summary>
    private static ProbeOutcomeKind Classify(long http2Error)
    {
        const long ProtocolError = 1, FlowControlError = 3, FrameSizeError = 6, CompressionError = 9, Http11Required = 13;
        return http2Error is ProtocolError or FlowControlError or FrameSizeError or CompressionError or Http11Required
            ? ProbeOutcomeKind.Malformed
            : ProbeOutcomeKind.Reset;
    }

    private static ProbeOutcomeKind Classify(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ProbeOutcomeKind.Refused,
        SocketError.TimedOut => ProbeOutcomeKind.TimedOut,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => ProbeOutcomeKind.Unreachable,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ProbeOutcomeKind.NameNotResolved,

        // This process or machine is short of something: no evidence against anybody.
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable
            or SocketError.ProcessLimit or SocketError.NetworkDown => ProbeOutcomeKind.NotRun,
        _ => ProbeOutcomeKind.Reset,
    };
}
