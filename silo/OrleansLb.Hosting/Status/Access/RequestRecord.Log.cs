using Microsoft.Extensions.Logging;

namespace OrleansLb.Hosting.Status.Access;

internal sealed partial class RequestRecord
{
    [LoggerMessage(3244, LogLevel.Warning, "{Method} {Target} of {Peer} was refused with {Status}: {Reason}.", EventName = "StatusRequestRefused")]
    private static partial void LogRefused(ILogger logger, string method, string target, string peer, int status, string reason);

    [LoggerMessage(3245, LogLevel.Information, "Change by {Who} from {Peer}: {Method} {Target} was answered {Status}.", EventName = "StatusApiChange")]
    private static partial void LogChange(ILogger logger, string who, string peer, string method, string target, int status);

    // Highest id used: 3245
}
