namespace OrleansLb.Chaos.Load;

/// <summary>What became of one client request.</summary>
/// <param name="At">When it was due, since the load began.</param>
/// <param name="Duration">How long it took, from when it was due.</param>
/// <param name="Target">Address it was sent to.</param>
/// <param name="Status">Status code; 0 when no response came.</param>
/// <param name="Backend">Backend that answered, by its own header; <see langword="null"/> when none did.</param>
/// <param name="Error">What the client saw instead of a complete response.</param>
public sealed record RequestOutcome(TimeSpan At, TimeSpan Duration, Uri Target, int Status, string? Backend, string? Error)
{
    /// <summary>When the response came, since the load began.</summary>
    public TimeSpan AnsweredAt => At + Duration;

    /// <summary>A status or reset that came neither from a backend nor from a limit.</summary>
    public bool Failed => Error is not null || (Backend is null && Status != 429);
}
