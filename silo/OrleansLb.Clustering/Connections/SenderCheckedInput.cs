using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace OrleansLb.Clustering.Connections;

/// <summary>What Orleans reads of a client's connection. It ends before Orleans is given a message that has another sender than the client said to be when it came in.</summary>
/// <param name="input">The connection.</param>
/// <param name="frames">Where messages begin.</param>
/// <param name="identify">Reads who a client says it is, from all of its introduction; nobody if it may not be that.</param>
/// <param name="tell">Hears that the connection ends.</param>
internal sealed class SenderCheckedInput(PipeReader input, MessageFrames frames, Func<ReadOnlySequence<byte>, KnownSender?> identify, Action tell) : PipeReader
{
    private ReadOnlySequence<byte> _read;
    private HeaderCheck? _isSenders;
    private int _introduction;
    private bool _isAmongMessages;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await input.ReadAsync(cancellationToken);
        Look(result.Buffer);
        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        var isThere = input.TryRead(out result);
        if (isThere)
            Look(result.Buffer);
        return isThere;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Orleans takes the introduction as a whole, and from there messages. Were it to take anything else, we would look for messages where there are none.
        if (!_isAmongMessages && _read.Slice(0, consumed).Length is var taken and > 0)
        {
            if (_isSenders is null || taken != _introduction)
                throw End("cannot be told from what follows");
            _isAmongMessages = true;
        }

        _read = default;
        input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => input.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);

    private void Look(in ReadOnlySequence<byte> read)
    {
        _read = read;
        if (!_isAmongMessages)
            Introduce();
        else if (!frames.AllBegin(read, KnownSender.Longest, _isSenders!))
            throw End("is not the sender of its messages");
    }

    private void Introduce()
    {
        _introduction = ClientIntroduction.SizeIn(_read);
        if (_introduction == 0 || _read.Length < _introduction)
            return;
        if (_introduction < 0 || identify(_read.Slice(0, _introduction)) is not { } sender)
            throw End("does not say who it is, or says another than its certificate does");
        _isSenders = sender.Wrote;
    }

    private ConnectionAbortedException End(string why)
    {
        tell();
        return new ConnectionAbortedException($"The client {why}.");
    }
}
