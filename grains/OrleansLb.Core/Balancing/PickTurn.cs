using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OrleansLb.Core.Balancing;

/// <summary>
/// Whose turn it is in a pool at one front-end: a number that each request takes and raises by one atomic step, so that any number of threads take turns
/// without a lock. Front-ends start at different numbers, so that they do not march in step from backend to backend.
/// </summary>
public sealed class PickTurn
{
    private ulong _next;

    /// <param name="start">The first turn; any number, it may wrap.</param>
    public PickTurn(ulong start) => _next = start;

    /// <summary>Turns of a pool at a front-end, from a start that follows from the names.</summary>
    /// <param name="frontendId">The front-end.</param>
    /// <param name="poolId">The pool.</param>
    public static PickTurn Of(string frontendId, string poolId)
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(frontendId.AsSpan()));
        hash.Append("\0\0"u8);
        hash.Append(MemoryMarshal.AsBytes(poolId.AsSpan()));
        return new PickTurn(hash.GetCurrentHashAsUInt64());
    }

    /// <summary>Takes the next turn.</summary>
    public ulong Next() => Interlocked.Increment(ref _next) - 1;
}
