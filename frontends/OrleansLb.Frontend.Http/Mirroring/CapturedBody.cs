using System.Diagnostics.CodeAnalysis;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Keeps what is read of a body, as long as it is not too much; who reads notices nothing of that.</summary>
/// <param name="inner">The body.</param>
/// <param name="length">How long it says that it is; <see langword="null"/> if it does not.</param>
/// <param name="most">The most that is kept.</param>
[SuppressMessage("Design", "CA2213:Disposable fields should be disposed", Justification = "The body is the request's")]
internal sealed class CapturedBody(Stream inner, long? length, int most) : Stream
{
    private readonly MemoryStream _kept = new((int)(length ?? 0));
    private Action<CapturedBody>? _whole;

    /// <summary>What was kept.</summary>
    public ReadOnlyMemory<byte> Kept => _kept.GetBuffer().AsMemory(0, (int)_kept.Length);

    /// <summary>Whether it is longer than what may be kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether all of it was read.</summary>
    public bool IsWhole { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Has somebody told once, when all of it was read and kept.</summary>
    public void WhenWhole(Action<CapturedBody> told) => _whole = told;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        // One who reads nothing into nothing only waits for what comes.
        if (!buffer.IsEmpty)
            Keep(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        if (count > 0)
            Keep(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (IsWhole || IsTooLong)
            return;
        if (_kept.Length + read.Length > most)
        {
            IsTooLong = true;
            _kept.SetLength(0);
            return;
        }

        _kept.Write(read);
        // Who reads as much as there is may not look for its end.
        if (!read.IsEmpty && _kept.Length != length)
            return;
        IsWhole = true;
        _whole?.Invoke(this);
    }
}
