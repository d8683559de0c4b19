namespace OrleansLb.Core.Affinity;

/// <summary>What the affinity cookie says. Clients carry it sealed and can read none of it.</summary>
/// <param name="PoolId">Pool (YARP cluster) id the session belongs to.</param>
/// <param name="BackendId">Backend (YARP destination) id the session stays with.</param>
/// <param name="Generation">Generation of that backend; another generation is another backend.</param>
/// <param name="Epoch">Number of times the session changed its backend, from 0.</param>
/// <param name="Issued">When the session began, in Unix seconds; a change of backend keeps it.</param>
/// <param name="LastSeen">When the cookie was last sealed, in Unix seconds.</param>
/// <param name="SessionId">128 random bits: they choose the successor when the backend is lost, and nothing else.</param>
public readonly record struct AffinityCookie(
    string PoolId,
    string BackendId,
    int Generation,
    int Epoch,
    long Issued,
    long LastSeen,
    UInt128 SessionId)
{
    /// <summary>The same session on another backend.</summary>
    /// <param name="backendId">Its new backend.</param>
    /// <param name="generation">Generation of the new backend.</param>
    /// <param name="now">Unix seconds.</param>
    public AffinityCookie MovedTo(string backendId, int generation, long now) => this with
    {
        BackendId = backendId,
        Generation = generation,
        Epoch = unchecked(Epoch + 1),
        LastSeen = now,
    };

    /// <summary>The same session, seen again.</summary>
    /// <param name="now">Unix seconds.</param>
    public AffinityCookie SeenAt(long now) => this with { LastSeen = now };
}
