using System.Collections.Frozen;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>A pool whose backends come and go.</summary>
internal sealed class BoardPool
{
    private const string PoolId = "app";

    public PoolTable Table { get; } = new();

    public FrontendPool Current => Table.Current[PoolId];

    /// <summary>Puts a version of the pool in force.</summary>
    /// <param name="backends">Numbers of its backends, in their order.</param>
    public void Apply(params int[] backends) => Table.Apply(ClusterSnapshot.Empty with
    {
        Pools = new Dictionary<string, PoolDefinition> { [PoolId] = new() { Id = PoolId, Backends = [.. backends.Select(Backend)] } }.ToFrozenDictionary(),
    });

    public static string Id(int backend) => $"b{backend:000}";

    private static BackendDefinition Backend(int backend) => new(
        Id(backend), new Uri("http://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), null, 1, 1, BackendKey.Of(PoolId, Id(backend), 1));
}
