namespace OrleansLb.Frontend.Snapshots;

/// <summary>The generation of one backend, in the snapshot on disk.</summary>
internal sealed record SnapshotGeneration(string PoolId, string BackendId, string Address, int Generation);
