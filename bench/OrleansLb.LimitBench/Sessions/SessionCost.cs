namespace OrleansLb.LimitBench.Sessions;

/// <summary>What sessions cost in one place.</summary>
/// <param name="BytesASession">Memory of one session, after a collection.</param>
/// <param name="NewSession">Nanoseconds of taking in a session that was never seen.</param>
/// <param name="KnownSession">Of finding one that was, in another order than they came in.</param>
/// <param name="InventedSession">Of an invented one while there is no room.</param>
/// <param name="Growth">Memory after the invented ones relative to that before.</param>
/// <param name="CountAfterFlood">Sessions that are kept then.</param>
/// <param name="Forgotten">Sessions in use that are not known any more.</param>
internal readonly record struct SessionCost(
    double BytesASession, double NewSession, double KnownSession, double InventedSession, double Growth, int CountAfterFlood, int Forgotten);
