using OrleansLb.Core.Http2;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>A client does something too often, so that nothing more is read of it.</summary>
/// <param name="abuse">What it does.</param>
internal sealed class Http2AbuseException(Http2Abuse abuse) : IOException($"The client does too much of what costs nothing: {abuse}.")
{
    /// <summary>What it does.</summary>
    public Http2Abuse Abuse { get; } = abuse;
}
