using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>The body of a request, and its counter.</summary>
internal sealed class CountedRequest(RequestNote note) : PipeReader, IRequestBodyPipeFeature
{
    private PipeReader _inner = null!;
    private ReadOnlySequence<byte> _shown;

    public PipeReader Reader => this;

    public void Begin(PipeReader inner) => _inner = inner;

    public void End() => (_inner, _shown) = (null!, default);

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Show(await _inner.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!_inner.TryRead(out result))
            return false;
        Show(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        note.CameIn(_shown.Slice(0, consumed).Length);
        _shown = default;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    private ReadResult Show(in ReadResult result)
    {
        _shown = result.Buffer;
        if (result.IsCompleted)
            note.BodyEnds();
        return result;
    }
}
