using System.Runtime.CompilerServices;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>A pool of which no verdict is known: every backend is open to every session.</summary>
internal static class OpenBackends
{
    private static readonly ConditionalWeakTable<FrontendPool, BackendStatus[]> Known = [];

    public static ReadOnlySpan<BackendStatus> Of(FrontendPool pool) => Known.GetValue(pool, static pool =>
        [.. pool.Definition.Backends.Select(static backend => new BackendStatus(backend.Key, BackendState.Unknown, true, true, false, false))]);
}
