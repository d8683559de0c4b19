using System.IO.Pipelines;
using OrleansLb.Core.Http2;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>Looks at each byte that the server sends for what it says that its client did wrong. The server writes under a lock of its own.</summary>
internal sealed class MeteredWriter(PipeWriter inner, Http2Refusals refusals) : PipeWriter
{
    private readonly FaultMeter _meter = new();
    private Memory<byte> _memory;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        Look(_memory.Span[..bytes]);
        // More may be written into the same memory.
        _memory = _memory[bytes..];
        inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Look(source.Span);
        return inner.WriteAsync(source, cancellationToken);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private void Look(ReadOnlySpan<byte> bytes) => refusals.Heard(_meter.Read(bytes));
}
