namespace OrleansLb.Contracts;

/// <summary>What a caller may take as "the call failed".</summary>
public static class GrainCall
{
    /// <summary>
    /// Whether an exception of a grain call means no more than that the call failed. That is every exception but the end of memory: an
    /// exception inside the grain reaches its caller with the type it had there, and silos that die, join or stop add types of their
    /// own. A loop that must go on for as long as its process lives, such as a heartbeat, may not end because of the other side.
    /// </summary>
    /// <param name="exception">What the call threw.</param>
    public static bool IsFailure(Exception exception) => exception is not OutOfMemoryException;
}
