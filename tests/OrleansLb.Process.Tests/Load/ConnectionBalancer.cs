using System.Net;
using System.Net.Sockets;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>
/// Brings connections to front-ends in turn, as a TCP balancer before them does: one that says it is not ready, or accepts none, is passed over, and what has been connected stays
/// where it is.
/// </summary>
internal sealed class ConnectionBalancer : IAsyncDisposable
{
    /// <summary>What clients ask; no name of a machine.</summary>
    public static readonly Uri Address = new("http://balancer.invalid/");

    /// <summary>How long a front-end that stops has to go on accepting: several times as long as it takes to see that it does.</summary>
    public static readonly IReadOnlyDictionary<string, string> Grace = new Dictionary<string, string> { [FrontendProcess.ReadinessGrace] = "00:00:01" };

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ProcessCluster _cluster;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _checking;
    private FrontendProcess[] _ready;
    private int _next;

    public ConnectionBalancer(ProcessCluster cluster)
    {
        _cluster = cluster;
        _ready = [.. cluster.Frontends];
        _checking = Check();
    }

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var first = (uint)Interlocked.Increment(ref _next);
        var ready = Volatile.Read(ref _ready);
        for (var tried = 0; ; tried++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                var address = ready[(first + tried) % ready.Length].Address;
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (tried < ready.Length)
            {
                socket.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _checking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task Check()
    {
        using var timer = new PeriodicTimer(CheckPeriod);
        while (await timer.WaitForNextTickAsync(_over.Token))
        {
            var all = _cluster.Frontends.ToArray();
            var answers = await Task.WhenAll(all.Select(frontend => _cluster.TryGet(new Uri(frontend.Status, "/readyz"))));
            FrontendProcess[] ready = [.. all.Zip(answers).Where(static each => each.Second is not null).Select(static each => each.First)];
            if (ready.Length > 0)
                Volatile.Write(ref _ready, ready);
        }
    }
}
