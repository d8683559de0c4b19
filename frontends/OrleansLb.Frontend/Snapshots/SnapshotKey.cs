namespace OrleansLb.Frontend.Snapshots;

/// <summary>One key of the affinity cookie, in the snapshot on disk.</summary>
internal sealed record SnapshotKey(string Id, byte[] Secret)
{
    /// <summary>The id without the secret: a log line that shows a key must not give it away.</summary>
    public override string ToString() => $"SnapshotKey {Id}";
}
