using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using OrleansLb.Core.Http2;

namespace OrleansLb.Frontend.Http.Http2;

/// <summary>Looks at each byte once, whether or not the server takes it at once. A client that does something too often is not read any more: the server says GOAWAY and ends the connection.</summary>
internal sealed class MeteredReader(PipeReader inner, Http2Refusals refusals, TimeProvider clock) : PipeReader
{
    private readonly FrameMeter _meter = new();
    private ReadOnlySequence<byte> _buffer;

    // What of the buffer was looked at when it was given out before.
    private long _seen;
    private bool _isRefused;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Look(await inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
            return false;
        Look(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen -= _buffer.Slice(0, consumed).Length;
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private ReadResult Look(in ReadResult result)
    {
        _buffer = result.Buffer;
        if (_isRefused)
            throw new InvalidOperationException("The connection was refused.");
        var now = clock.GetElapsedTime(0);
        if (refusals.TakeProvoked() is var provoked and > 0 && _meter.Provoke(provoked, now) is var often and not Http2Abuse.None)
            Refuse(often);
        foreach (var part in _buffer.Slice(_seen))
        {
            if (_meter.Read(part.Span, now) is var abuse and not Http2Abuse.None)
                Refuse(abuse);
        }

        _seen = _buffer.Length;
        return result;
    }

    private void Refuse(Http2Abuse abuse)
    {
        _isRefused = true;
        refusals.End(ReasonOf(abuse));
        throw new Http2AbuseException(abuse);
    }

    private static string ReasonOf(Http2Abuse abuse) => abuse switch
    {
        Http2Abuse.Resets => "h2.resets",
        Http2Abuse.Control => "h2.control",
        Http2Abuse.Pings => "h2.pings",
        Http2Abuse.EmptyData => "h2.empty_data",
        _ => "h2.continuations",
    };
}
