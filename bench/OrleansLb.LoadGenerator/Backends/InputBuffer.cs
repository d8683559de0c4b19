namespace OrleansLb.LoadGenerator.Backends;

/// <summary>The part of a frame that has come, until the rest comes.</summary>
internal sealed class InputBuffer
{
    private byte[] _bytes = [];
    private int _count;

    /// <summary>What was kept and what has come, in one piece.</summary>
    public ReadOnlySpan<byte> Join(ReadOnlySpan<byte> bytes)
    {
        if (_count == 0)
            return bytes; // The usual case: nothing is copied.
        Add(bytes);
        return _bytes.AsSpan(0, _count);
    }

    /// <summary>Keeps what is left of <see cref="Join"/>.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        var kept = rest.ToArray();
        _count = 0;
        Add(kept);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_count + bytes.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _count + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }
}
