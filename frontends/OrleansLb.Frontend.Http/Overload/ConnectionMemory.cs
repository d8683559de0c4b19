using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>
/// Where the server takes the buffers of connections from. The framework's own gives memory back after minutes of rest, and not when it is told that there is none left.
/// </summary>
internal sealed class ConnectionMemory : IMemoryPoolFactory<byte>
{
    private readonly ConcurrentQueue<ConnectionMemoryPool> _pools = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var pool = new ConnectionMemoryPool();
        _pools.Enqueue(pool);
        return pool;
    }

    /// <summary>Gives up buffers that nobody uses.</summary>
    /// <param name="part">How many of them, 0 to 1; at least one if there is any.</param>
    public void Trim(double part)
    {
        foreach (var pool in _pools)
            pool.Trim(part);
    }
}
