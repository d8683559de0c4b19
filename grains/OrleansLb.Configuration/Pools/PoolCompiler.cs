using System.Collections.Frozen;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Gives every backend its generation and key.</summary>
internal static class PoolCompiler
{
    public static (FrozenDictionary<string, PoolDefinition> Pools, GenerationLedger Ledger) Compile(
        IReadOnlyList<PoolSettings> pools,
        long version,
        GenerationLedger generations)
    {
        var ledger = generations.Advance(version, pools.SelectMany(static pool =>
            pool.Backends.Select(backend => new BackendAddress(pool.Id, backend.Id, backend.Address.AbsoluteUri))));
        var generationOf = ledger.Backends.ToDictionary(
            static backend => (backend.PoolId, backend.BackendId),
            static backend => backend.Generation);
        var compiled = pools.ToFrozenDictionary(
            static pool => pool.Id,
            pool => Compile(pool, backendId => generationOf[(pool.Id, backendId)]),
            StringComparer.OrdinalIgnoreCase);
        return (compiled, ledger);
    }

    private static PoolDefinition Compile(PoolSettings pool, Func<string, int> generationOf) => new()
    {
        Id = pool.Id,
        Backends = [.. pool.Backends.Select(backend => Compile(pool.Id, backend, generationOf(backend.Id)))],
        Balancing = pool.Balancing,
        ActiveHealth = pool.ActiveHealth,
        PassiveHealth = pool.PassiveHealth,
        Outlier = pool.Outlier,
        Agent = pool.Agent,
        PanicPercent = pool.PanicPercent,
        Concurrency = pool.Concurrency,
        Retry = pool.Retry,
        Rebalance = pool.Rebalance,
        Circuit = pool.Circuit,
        DrainTimeout = pool.DrainTimeout,
        KeepsSessions = pool.KeepsSessions,
        Session = pool.Session,
    };

    private static BackendDefinition Compile(string poolId, BackendSettings backend, int generation) => new(
        backend.Id,
        backend.Address,
        backend.HealthAddress,
        backend.Host,
        backend.Weight,
        generation,
        BackendKey.Of(poolId, backend.Id, generation))
    {
        Priority = backend.Priority,
        Zone = backend.Zone,
        AgentAddress = backend.AgentAddress,
    };
}
