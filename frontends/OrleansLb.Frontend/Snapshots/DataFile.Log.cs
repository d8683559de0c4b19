using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Snapshots;

internal sealed partial class DataFile
{
    [LoggerMessage(3034, LogLevel.Error, "File {Path} is ignored and kept as {Aside}: {Reason}", EventName = "DataFileRejected")]
    private static partial void LogRejected(ILogger logger, string path, string reason, string aside);

    [LoggerMessage(3035, LogLevel.Error, "File {Path} cannot be read, and this front-end goes on without it: {Reason}", EventName = "DataFileNotRead")]
    private static partial void LogNotRead(ILogger logger, string path, string reason);

    [LoggerMessage(3036, LogLevel.Error, "File {Path} cannot be written; {Consequence}: {Reason}", EventName = "DataFileNotWritten")]
    private static partial void LogNotWritten(ILogger logger, string path, string consequence, string reason);

    [LoggerMessage(3037, LogLevel.Warning, "File {Path} is open to other users; it should have mode 0600, as it gets when it is next written.", EventName = "DataFileReadable")]
    private static partial void LogReadable(ILogger logger, string path);

    [LoggerMessage(3039, LogLevel.Error, "File {Path} cannot be removed: {Reason}", EventName = "DataFileNotDeleted")]
    private static partial void LogNotDeleted(ILogger logger, string path, string reason);

    // Highest id used: 3039
}
