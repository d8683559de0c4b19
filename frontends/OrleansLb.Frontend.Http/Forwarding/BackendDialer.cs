using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Makes connections. What it throws says to whoever decides about another backend that nothing was sent.</summary>
internal sealed class BackendDialer(ForwardingTimes times, ForwardingMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    public async ValueTask<BackendConnection> Dial(BackendTarget target, ConnectionPool pool, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(times.Connect, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target.EndPoint, both.Token);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            metrics.Dialled("refused");
            throw new HttpRequestException(ErrorOf(exception), exception.Message, exception);
        }
        catch (OperationCanceledException exception)
        {
            socket.Dispose();
            metrics.Dialled(cancellation.IsCancellationRequested ? "abandoned" : "timed_out");
            if (cancellation.IsCancellationRequested)
                throw;
            throw new TaskCanceledException("The backend took no connection in time.", new TimeoutException(exception.Message, exception));
        }

        metrics.Dialled("connected");
        var connection = new BackendConnection(socket, pool);
        pool.Opened(connection);
        return connection;
    }

    private static HttpRequestError ErrorOf(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => HttpRequestError.NameResolutionError,
        _ => HttpRequestError.ConnectionError,
    };
}
