using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>Knows which backends requests without a session may go to now.</summary>
internal interface IAvailableBackends
{
    /// <summary>For each of the pool's slots, whether its backend takes new requests.</summary>
    /// <param name="pool">The pool.</param>
    IReadOnlyList<bool> Of(FrontendPool pool);
}
