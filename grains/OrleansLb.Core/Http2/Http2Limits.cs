namespace OrleansLb.Core.Http2;

/// <summary>How often a client may do on one connection of HTTP/2 what costs it less than it costs us.</summary>
public static class Http2Limits
{
    /// <summary>Time over which is counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Streams that it resets, or has reset by frames that make no sense on them.</summary>
    public const int Resets = 200;

    /// <summary>Frames of settings and of priorities. Priorities mean nothing any more (RFC 9113, 5.3), and settings change seldom.</summary>
    public const int Control = 1_000;

    /// <summary>Pings. Clients of gRPC measure their network by one for each round trip, which may be short.</summary>
    public const int Pings = 20_000;

    /// <summary>Frames of data that have none and end nothing.</summary>
    public const int EmptyData = 100;

    /// <summary>Frames that go on with one head, whatever the time: a whole head fits into three of the usual size.</summary>
    public const int Continuations = 8;
}
