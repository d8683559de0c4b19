using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Forwarding;

internal sealed partial class DirectExchange
{
    [LoggerMessage(3120, LogLevel.Warning, "Forwarding to {Backend} failed: {Error}", EventName = "ForwardingFailed")]
    private static partial void LogFailed(ILogger logger, ForwarderError error, string backend, Exception? exception);

    [LoggerMessage(3121, LogLevel.Debug, "The client left: {Error}", EventName = "ForwardingCancelled")]
    private static partial void LogCancelled(ILogger logger, ForwarderError error, Exception? exception);
}

// Highest id used: 3121
