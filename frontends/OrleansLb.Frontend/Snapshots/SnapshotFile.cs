using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>
/// The last good configuration on disk, from which the front-end starts when no silo answers. It holds the keys of the affinity
/// cookie, so only the process' own user may read it. A file that cannot be used is kept aside for whoever wants to know why.
/// </summary>
internal sealed partial class SnapshotFile
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly ILogger<SnapshotFile> _logger;
    private readonly SnapshotMetrics _metrics;
    private readonly string _directory;
    private readonly string _path;

    public SnapshotFile(IOptions<FrontendOptions> options, SnapshotMetrics metrics, ILogger<SnapshotFile> logger)
    {
        _logger = logger;
        _metrics = metrics;
        _directory = Path.GetFullPath(options.Value.DataDirectory);
        _path = Path.Combine(_directory, "snapshot.json");
    }

    /// <summary>The snapshot; <see langword="null"/> when there is none that can be used.</summary>
    public SnapshotContent? Read()
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            WarnOfReaders();
            return SnapshotEnvelope.Read(File.ReadAllBytes(_path));
        }
        catch (InvalidDataException exception)
        {
            Reject(exception.Message);
            return null;
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            _metrics.Failed("read");
            LogNotRead(_logger, _path, exception.Message);
            return null;
        }
    }

    /// <summary>Puts a snapshot aside that turned out to be of no use.</summary>
    /// <param name="reason">Why.</param>
    public void Reject(string reason)
    {
        _metrics.Failed("read");
        var aside = _path + ".unusable";
        LogRejected(_logger, _path, reason, aside);
        try
        {
            File.Move(_path, aside, overwrite: true);
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            LogNotRead(_logger, _path, exception.Message);
        }
    }

    /// <summary>Replaces the snapshot as a whole, or not at all.</summary>
    /// <param name="content">The configuration in force.</param>
    public void Write(SnapshotContent content)
    {
        try
        {
            EnsureDirectory();
            Replace(SnapshotEnvelope.Write(content));
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            _metrics.Failed("write");
            LogNotWritten(_logger, _path, content.Version, exception.Message);
        }
    }

    private void EnsureDirectory()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_directory);
        else
            Directory.CreateDirectory(_directory, OwnerReadsAndWrites | UnixFileMode.UserExecute);
    }

    private void Replace(ReadOnlyMemory<byte> bytes)
    {
        var temporary = _path + ".tmp";
        // A left-over of a crash may have another mode; the mode given at creation only counts for a new file.
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerReadsAndWrites;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(bytes.Span);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
    }

    private void WarnOfReaders()
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(_path) & ~OwnerReadsAndWrites) != 0)
            LogReadable(_logger, _path);
    }

    private static bool IsFileTrouble(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
