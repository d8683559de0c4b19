using System.Buffers;
using System.Net.Sockets;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Agents;

/// <summary>Asks agents over TCP, each time over a connection of its own. Every way in which an agent can fail is an outcome, not an exception.</summary>
public sealed class AgentClient
{
    private readonly IProbeNetwork _network;
    private readonly TimeProvider _clock;
    private readonly AgentMetrics? _metrics;

    /// <summary>Creates a client; one serves any number of agents.</summary>
    /// <param name="clock">Clock of timeouts.</param>
    /// <param name="metrics">Where outcomes are counted; <see langword="null"/> for nowhere.</param>
    public AgentClient(TimeProvider clock, AgentMetrics? metrics = null)
        : this(clock, new TcpNetwork(), metrics)
    {
    }

    internal AgentClient(TimeProvider clock, IProbeNetwork network, AgentMetrics? metrics = null) => (_clock, _network, _metrics) = (clock, network, metrics);

    /// <summary>Asks an agent once.</summary>
    /// <param name="target">The agent.</param>
    /// <param name="cancellationToken">Abandons the question.</param>
    /// <exception cref="OperationCanceledException">The caller abandoned the question.</exception>
    public async ValueTask<AgentAnswer> Ask(AgentTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var timeout = new CancellationTokenSource(target.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var answer = await Ask(target, either.Token, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _metrics?.Asked(answer.Outcome);
        return answer;
    }

    private async ValueTask<AgentAnswer> Ask(AgentTarget target, CancellationToken either, CancellationToken caller)
    {
        // One byte more than a line may have tells that it is too long.
        var buffer = ArrayPool<byte>.Shared.Rent(AgentReply.LongestLine + 1);
        try
        {
            await using var connection = await _network.Connect(target.Address.IdnHost, target.Address.Port, either);
            if (ProbeText.TryParse(target.Send, out var question) && question.Length > 0)
                await connection.WriteAsync(question, either);
            return await Hear(connection, buffer.AsMemory(0, AgentReply.LongestLine + 1), either);
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return AgentAnswer.None(AgentOutcome.TimedOut);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            return AgentAnswer.None(AgentOutcome.Unreachable);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<AgentAnswer> Hear(Stream connection, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await connection.ReadAsync(buffer[length..], cancellationToken);
            if (read == 0)
                return AgentAnswer.None(AgentOutcome.Incomplete);
            var hasEnd = buffer.Span.Slice(length, read).IndexOfAny((byte)'\r', (byte)'\n') >= 0;
            length += read;
            if (hasEnd)
                return AgentAnswer.Of(buffer.Span[..length]);
        }

        return AgentAnswer.None(AgentOutcome.TooLong);
    }
}
