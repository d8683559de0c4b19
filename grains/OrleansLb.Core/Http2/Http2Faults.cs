namespace OrleansLb.Core.Http2;

/// <summary>What a server said on one connection of HTTP/2 that its client did wrong.</summary>
/// <param name="Provoked">Streams that it reset because of frames that make no sense there.</param>
/// <param name="Refused">Streams that it did not begin, because there are too many or the connection is about to end.</param>
/// <param name="Connections">1 if it ended the connection for such frames.</param>
public readonly record struct Http2Faults(int Provoked, int Refused, int Connections)
{
    /// <summary>All of both.</summary>
    public static Http2Faults operator +(Http2Faults one, Http2Faults other) => new(one.Provoked + other.Provoked, one.Refused + other.Refused, one.Connections + other.Connections);

    /// <summary>All of both.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static Http2Faults Add(Http2Faults one, Http2Faults other) => one + other;
}
