namespace OrleansLb.Core.Health;

/// <summary>What front-ends are told of one backend.</summary>
/// <param name="Key">Which backend, in which generation.</param>
/// <param name="State">The state in force, for choosing weights and for people.</param>
/// <param name="TakesNew">Whether requests without a session, and new sessions, may go there.</param>
/// <param name="TakesPinned">Whether sessions that are bound to it may go there.</param>
/// <param name="ByPanic">Admitted only because too little of the pool is left.</param>
/// <param name="Held">Down by one silo's word among too many others at once; kept (as Degraded) until there is a second witness.</param>
public readonly record struct BackendStatus(BackendKey Key, BackendState State, bool TakesNew, bool TakesPinned, bool ByPanic, bool Held);
