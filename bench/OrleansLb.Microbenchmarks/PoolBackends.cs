using OrleansLb.Core;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Microbenchmarks;

/// <summary>Backends of the pool <c>app</c>, to which nothing is sent.</summary>
internal static class PoolBackends
{
    public static BackendDefinition Define(int index) => new(
        $"backend-{index}", new Uri("http://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), null, 1, 1, BackendKey.Of("app", $"backend-{index}", 1));
}
