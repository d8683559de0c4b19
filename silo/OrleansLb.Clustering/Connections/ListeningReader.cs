using System.IO.Pipelines;

namespace OrleansLb.Clustering.Connections;

/// <summary>Reads a connection, and notes that something was heard.</summary>
internal sealed class ListeningReader(PipeReader inner, Silence silence) : PipeReader
{
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    // Whoever advances has read; to note it here needs no state machine around each read.
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        silence.Heard();
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
