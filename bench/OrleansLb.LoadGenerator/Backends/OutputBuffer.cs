using System.Buffers;

namespace OrleansLb.LoadGenerator.Backends;

/// <summary>What a session has to say, until it is out.</summary>
internal sealed class OutputBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _isTaken;

    public bool IsEmpty => _isTaken || _bytes.WrittenCount == 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isTaken)
            _bytes.ResetWrittenCount();
        _isTaken = false;
        _bytes.Write(bytes);
    }

    /// <summary>All of it; the next write begins anew.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        if (IsEmpty)
            return default;
        _isTaken = true;
        return _bytes.WrittenMemory;
    }
}
