namespace OrleansLb.LoadGenerator.Load;

/// <summary>Requests over HTTP/2.</summary>
/// <param name="Bytes">Length of the body of each answer: others have failed.</param>
/// <param name="Connections">How many connections there are.</param>
/// <param name="Streams">How many requests each has on its way at once.</param>
/// <param name="Call">Body of a call of gRPC; <see langword="null"/> for a <c>GET</c>.</param>
public sealed record H2LoadPlan(int Bytes, int Connections = 4, int Streams = 8, byte[]? Call = null)
{
    internal int AtOnce => Connections * Streams;
}
