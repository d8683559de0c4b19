using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>
/// A backend inside the test that records when each request reached it, and answers all of them alike, if it is told to then later. It goes on with a request
/// whose client is gone, as most do.
/// </summary>
internal sealed class RecordingBackend : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Path, long At)> _requests = new();
    private readonly string _headers;
    private readonly Task _accepting;
    private volatile HttpStatusCode _status;
    private int _inside;
    private int _most;

    /// <param name="port">Where it listens.</param>
    /// <param name="status">Status of its answers.</param>
    /// <param name="headers">Further header lines of its answers, each with its end.</param>
    public RecordingBackend(int port, HttpStatusCode status, string headers = "X-Backend: recording\r\n")
    {
        (_status, _headers) = (status, headers);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = port;
        _accepting = Accept();
    }

    public int Port { get; }

    /// <summary>What it answers from now on.</summary>
    public HttpStatusCode Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>What its answers wait for.</summary>
    public Task Hold { get; init; } = Task.CompletedTask;

    /// <summary>Requests that are there.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>The most that were there at once.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>Paths in the order of their arrival, each with a timestamp of <see cref="Stopwatch"/>.</summary>
    public IReadOnlyCollection<(string Path, long At)> Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private byte[] Answer() =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 {(int)_status} {_status}\r\n{_headers}Content-Length: 0\r\nConnection: close\r\n\r\n");

    private async Task Work()
    {
        var inside = Interlocked.Increment(ref _inside);
        for (var most = Most; inside > most && Interlocked.CompareExchange(ref _most, inside, most) != most;)
            most = Most;
        await Hold.WaitAsync(_stop.Token);
        Interlocked.Decrement(ref _inside);
    }

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        var at = Stopwatch.GetTimestamp();
        try
        {
            using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
            var head = await reader.ReadLineAsync(_stop.Token);
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
            }

            if (head is not null)
                _requests.Enqueue((head.Split(' ')[1], at));
            await Work();
            await connection.GetStream().WriteAsync(Answer(), _stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The other side gave up; what it asked is recorded.
        }
    }
}
