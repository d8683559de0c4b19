namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Lines in a row, and how much of them is written.</summary>
internal sealed class LineBlock
{
    /// <summary>Several hundred usual lines, more than the longest one, and not too large for the collector's short-lived generations.</summary>
    public const int Size = 64 * 1024;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size);
    private int _length;
    private int _written;

    /// <summary>What is still to be written.</summary>
    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(_written, _length - _written);

    public bool IsEmpty => _length == 0;

    /// <summary>How many lines are not yet written to their end.</summary>
    public int LinesLeft => Rest.Count((byte)'\n');

    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (line.Length > Size - _length)
            return false;
        line.CopyTo(_bytes.AsSpan(_length));
        _length += line.Length;
        return true;
    }

    public void Wrote(int bytes) => _written += bytes;

    public void Clear() => (_length, _written) = (0, 0);
}
