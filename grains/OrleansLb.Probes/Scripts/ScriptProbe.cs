using System.Buffers;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Scripts;

/// <summary>Talks to a backend as a script says.</summary>
/// <remarks>
/// Whether a step is met is only known when its bytes are there. So a backend that says something else, and waits or hangs up after it, has
/// answered wrongly; one that says nothing has not answered.
/// </remarks>
internal sealed class ScriptProbe(IProbeNetwork network) : IProbe<ScriptProbeTarget>
{
    /// <summary>
    /// After each piece that comes, all that has come is looked through again. This bounds the work that a backend which sends single bytes
    /// can make of that; honest answers come in one piece or a few.
    /// </summary>
    private const int MostReads = 128;

    private static readonly ProbeAnswer SomethingElse = new(ProbeOutcomeKind.WrongContent);

    public async ValueTask<ProbeAnswer> Ask(ScriptProbeTarget target, CancellationToken cancellationToken)
    {
        await using var connection = await network.Connect(target.Host, target.Port, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(Prober.MostContent);
        var conversation = new Conversation(connection, buffer);
        try
        {
            return await conversation.Run(target, cancellationToken);
        }
        catch (OperationCanceledException) when (conversation.HasUnexpected)
        {
            return SomethingElse;
        }
        catch (IOException) when (conversation.HasUnexpected)
        {
            return SomethingElse;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private sealed class Conversation(Stream connection, byte[] buffer)
    {
        private int _start;
        private int _end;
        private int _reads;

        /// <summary>Whether something has come that no step expected so far.</summary>
        public bool HasUnexpected => _end > _start;

        public async ValueTask<ProbeAnswer> Run(ScriptProbeTarget target, CancellationToken cancellationToken)
        {
            foreach (var step in target.Prepared)
            {
                if (step is PreparedStep.Sending sending)
                    await connection.WriteAsync(sending.Bytes, cancellationToken);
                else if (step is PreparedStep.Expecting expecting && !await Meets(expecting, cancellationToken))
                    return HasUnexpected ? SomethingElse : new ProbeAnswer(ProbeOutcomeKind.Reset);
            }

            return ProbeAnswer.Success;
        }

        private async ValueTask<bool> Meets(PreparedStep.Expecting step, CancellationToken cancellationToken)
        {
            while (true)
            {
                if (HasUnexpected && step.EndOfMatch(buffer.AsSpan(_start, _end - _start)) is var end and >= 0)
                {
                    _start += end;
                    return true;
                }

                if (_end == Prober.MostContent || ++_reads > MostReads)
                    return false;
                var read = await connection.ReadAsync(buffer.AsMemory(_end, Prober.MostContent - _end), cancellationToken);
                if (read == 0)
                    return false;
                _end += read;
            }
        }
    }
}
