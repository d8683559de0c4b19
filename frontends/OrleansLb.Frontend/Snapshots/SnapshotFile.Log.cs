using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Snapshots;

internal sealed partial class SnapshotFile
{
    [LoggerMessage(3034, LogLevel.Error, "Snapshot {Path} is ignored and kept as {Aside}: {Reason}", EventName = "SnapshotRejected")]
    private static partial void LogRejected(ILogger logger, string path, string reason, string aside);

    [LoggerMessage(3035, LogLevel.Error, "Snapshot {Path} cannot be read: {Reason}", EventName = "SnapshotNotRead")]
    private static partial void LogNotRead(ILogger logger, string path, string reason);

    [LoggerMessage(3036, LogLevel.Error, "Snapshot {Path} of version {Version} cannot be written; a restart without silos would start from an older one: {Reason}", EventName = "SnapshotNotWritten")]
    private static partial void LogNotWritten(ILogger logger, string path, long version, string reason);

    [LoggerMessage(3037, LogLevel.Warning, "Snapshot {Path} holds cookie keys and is open to other users; it should have mode 0600, as it gets with the next version.", EventName = "SnapshotReadable")]
    private static partial void LogReadable(ILogger logger, string path);

    // Highest id used: 3037
}
