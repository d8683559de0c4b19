using System.Globalization;
using System.Net;
using System.Text;
using OrleansLb.BenchProcesses;

namespace OrleansLb.EdgeBench.Contestants;

/// <summary>A way from clients to the backends.</summary>
/// <param name="Name">As tables call it.</param>
/// <param name="Port">Where clients ask, on loopback.</param>
/// <param name="Prefix">What comes before the path that the backend sees; without the last slash.</param>
/// <param name="Server">The process that requests go through; <see langword="null"/> for none.</param>
/// <param name="KeepsSessions">Whether clients get a cookie that they have to bring back.</param>
/// <param name="Launch">Starts its process.</param>
/// <param name="SecurePort">Where clients ask by TLS; 0 for nowhere.</param>
/// <param name="IsDotNet">Whether .NET compiles it while it runs, so that it needs time before it is measured.</param>
internal sealed record Contestant(
    string Name, int Port, string Prefix, ServerProcess? Server = null, bool KeepsSessions = false, Func<ServerProcess>? Launch = null, int SecurePort = 0, bool IsDotNet = false)
{
    public IPEndPoint Address => new(IPAddress.Loopback, Port);

    public IPEndPoint SecureAddress => new(IPAddress.Loopback, SecurePort);

    /// <summary>Where a path is asked for.</summary>
    public Uri Url(string path = "/") => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}{Prefix}{path}"));

    /// <summary>The same, by TLS.</summary>
    public Uri SecureUrl(string path = "/") => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{SecurePort}{Prefix}{path}"));

    /// <summary>What so many clients send, each with the cookie that it was given.</summary>
    /// <param name="clients">How many.</param>
    /// <param name="path">What they ask for.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<byte[][]> Requests(int clients, string path, CancellationToken cancellation)
    {
        var requests = new byte[clients][];
        for (var i = 0; i < clients; i++)
            requests[i] = Get(path, KeepsSessions ? await Cookie(cancellation) : null);
        return requests;
    }

    /// <summary>A request in the words of a small client.</summary>
    /// <param name="path">What it asks for.</param>
    /// <param name="cookie">Its cookie; <see langword="null"/> for none.</param>
    public byte[] Get(string path, string? cookie = null) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"GET {Prefix}{path} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nUser-Agent: bench\r\nAccept: */*\r\n{(cookie is null ? "" : $"Cookie: {cookie}\r\n")}\r\n"));

    /// <summary>What asks for a WebSocket; the key may be anybody's.</summary>
    public byte[] Upgrade() => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"GET {Prefix}/ HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nUser-Agent: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));

    /// <summary>An upload of so many bytes.</summary>
    /// <param name="length">How many.</param>
    public byte[] Upload(int length)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST {Prefix}/ HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nUser-Agent: bench\r\nAccept: */*\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"));
        var request = new byte[head.Length + length];
        head.CopyTo(request, 0);
        request.AsSpan(head.Length).Fill((byte)'x');
        return request;
    }

    private async Task<string> Cookie(CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        using var answer = await client.GetAsync(Url(), cancellation);
        if (!answer.IsSuccessStatusCode || !answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            throw new BenchException($"{Name} answered {(int)answer.StatusCode} and gave no cookie.");
        return cookies.First().Split(';')[0];
    }
}
