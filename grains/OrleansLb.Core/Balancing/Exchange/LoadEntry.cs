namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What is in flight at one backend: of one front-end in a row, of all front-ends in a total.</summary>
/// <param name="Key">The backend.</param>
/// <param name="Requests">Plain requests in flight, 0 or more.</param>
/// <param name="Connections">Upgraded or streaming connections open, 0 or more; they have a longer lease than requests.</param>
public readonly record struct LoadEntry(BackendKey Key, int Requests, int Connections)
{
    /// <summary>Whether nothing is in flight.</summary>
    public bool IsZero => Requests == 0 && Connections == 0;
}
