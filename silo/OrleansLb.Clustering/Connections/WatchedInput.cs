using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// What Orleans reads of a connection. Orleans ends one that announces a message which is too long, and tells nobody but its log: when it ends reading, what it did not take is looked at.
/// </summary>
/// <param name="input">The connection.</param>
/// <param name="frames">How long messages may be.</param>
/// <param name="tell">Hears that one was too long.</param>
internal sealed class WatchedInput(PipeReader input, MessageFrames frames, Action tell) : PipeReader
{
    private ReadResult _untaken;
    private bool _isAmongMessages;
    private bool _isOver;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => _untaken = await input.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        var isThere = input.TryRead(out result);
        if (isThere)
            _untaken = result;
        return isThere;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Who the other end is comes first, in a form of its own, and is taken as a whole.
        _isAmongMessages |= !consumed.Equals(_untaken.Buffer.Start);
        _untaken = default;
        input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        Look();
        input.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Look();
        return input.CompleteAsync(exception);
    }

    private void Look()
    {
        if (!_isOver && _isAmongMessages && frames.HasWrongLengths(_untaken.Buffer))
            tell();
        (_isOver, _untaken) = (true, default);
    }
}
