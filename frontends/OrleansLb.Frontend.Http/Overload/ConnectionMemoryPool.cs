using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>Buffers of one size that the system may be handed as they are, and that are used again.</summary>
internal sealed class ConnectionMemoryPool : MemoryPool<byte>
{
    /// <summary>As the framework's own.</summary>
    private const int BlockSize = 4096;

    private readonly ConcurrentQueue<Block> _free = new();
    private volatile bool _isDisposed;

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return _free.TryDequeue(out var block) ? block : new Block(this);
    }

    /// <summary>Gives up a part of the buffers that nobody uses; the collector takes them.</summary>
    public void Trim(double part)
    {
        for (var count = (int)Math.Ceiling(_free.Count * part); count > 0 && _free.TryDequeue(out _); count--)
        {
            // It is nobody's any more.
        }
    }

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        _free.Clear();
    }

    private void Return(Block block)
    {
        if (!_isDisposed)
            _free.Enqueue(block);
    }

    /// <summary>Pinned for good, so that no operation on a socket has to.</summary>
    private sealed class Block(ConnectionMemoryPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose() => pool.Return(this);
    }
}
