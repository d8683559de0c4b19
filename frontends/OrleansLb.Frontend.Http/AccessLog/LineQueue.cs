namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Lines that wait for the disk, in memory with a limit. Whoever adds one waits for nobody but others who add theirs. Blocks are taken in the order of their lines, by one at a time.</summary>
/// <param name="size">The limit, in bytes.</param>
internal sealed class LineQueue(long size)
{
    public const long LeastSize = 2 * LineBlock.Size;
    public const long MostSize = 1 << 30;

    // What a slow disk needed once is left to the collector.
    private const int MostKept = 8;

    private readonly Lock _lock = new();
    private readonly Queue<LineBlock> _full = [];
    private readonly Stack<LineBlock> _unused = [];
    private readonly long _most = size / LineBlock.Size;
    private LineBlock _filling = new();
    private int _count = 1;

    /// <summary>Adds a line.</summary>
    /// <param name="line">The line, with its end.</param>
    /// <param name="isBlockFull">Whether there is now a full block to be written.</param>
    /// <returns>Whether there was room for it.</returns>
    public bool TryAdd(ReadOnlySpan<byte> line, out bool isBlockFull)
    {
        isBlockFull = false;
        lock (_lock)
        {
            if (_filling.TryAdd(line))
                return true;
            if (_count >= _most)
                return false;
            isBlockFull = true;
            _full.Enqueue(_filling);
            _filling = Next();
            return _filling.TryAdd(line);
        }
    }

    /// <summary>Takes the block with the oldest lines; <see langword="null"/> when there are none.</summary>
    public LineBlock? Take()
    {
        lock (_lock)
        {
            if (_full.TryDequeue(out var block))
                return block;
            if (_filling.IsEmpty)
                return null;
            block = _filling;
            _filling = Next();
            return block;
        }
    }

    /// <summary>Gives a block back whose lines are done with.</summary>
    public void Return(LineBlock block)
    {
        block.Clear();
        lock (_lock)
        {
            _count--;
            if (_unused.Count < MostKept)
                _unused.Push(block);
        }
    }

    private LineBlock Next()
    {
        _count++;
        return _unused.TryPop(out var block) ? block : new LineBlock();
    }
}
