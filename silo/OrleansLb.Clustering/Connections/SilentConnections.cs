using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Clustering.Connections;

/// <summary>
/// Ends connections to silos that are asked and say nothing. A network that loses packets says nothing either: TCP sends again after ever longer pauses and gives up after a
/// quarter of an hour, so a client would find out long after the network is well that it is, and meanwhile go on asking a gateway that it cannot reach while others answer.
/// </summary>
internal sealed partial class SilentConnections(TimeProvider clock, ILogger<SilentConnections> logger)
{
    /// <summary>A silo answers a heartbeat in milliseconds, and a front-end sends four a second; one that is collecting garbage for so long is as good as gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs a connection until it ends, and ends it when its other side is silent for too long.</summary>
    public async Task Run(ConnectionContext connection, ConnectionDelegate next)
    {
        var silence = new Silence(clock);
        connection.Transport = new WatchedTransport(connection.Transport, silence);
        using var over = new CancellationTokenSource();
        var watching = Watch(connection, silence, over.Token);
        try
        {
            await next(connection);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task Watch(ConnectionContext connection, Silence silence, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(Look, clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested || silence.Length <= Patience)
                continue;
            LogSilent(logger, connection.RemoteEndPoint?.ToString() ?? "A silo", Patience);
            connection.Abort(new ConnectionAbortedException($"The silo was asked and has not answered for {Patience}."));
            return;
        }
    }
}
