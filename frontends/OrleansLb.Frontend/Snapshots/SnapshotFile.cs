using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>
/// The last good configuration on disk, from which the front-end starts when no silo answers. It holds the keys of the affinity
/// cookie, so only the process' own user may read it.
/// </summary>
internal sealed class SnapshotFile(IOptions<FrontendOptions> options, DataFileMetrics metrics, ILogger<SnapshotFile> logger)
{
    private readonly DataFile _file = new(options.Value, "snapshot", "a restart without silos would start from an older configuration", metrics, logger);

    /// <summary>The snapshot; <see langword="null"/> when there is none that can be used.</summary>
    public SnapshotContent? Read() => _file.Read(DataJson.Default.SnapshotContent);

    /// <summary>Puts a snapshot aside that turned out to be of no use.</summary>
    /// <param name="reason">Why.</param>
    public void Reject(string reason) => _file.Reject(reason);

    /// <summary>Replaces the snapshot as a whole, or not at all.</summary>
    /// <param name="content">The configuration in force.</param>
    /// <returns>Whether the disk has it.</returns>
    public bool TryWrite(SnapshotContent content) => _file.TryWrite(content, DataJson.Default.SnapshotContent);
}
