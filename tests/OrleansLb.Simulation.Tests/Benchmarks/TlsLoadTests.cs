using System.Security.Authentication;
using System.Text;
using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>Load over TLS, against .NET's own. By themselves, as all load is.</summary>
[Collection(nameof(HttpLoadTests))]
public sealed class TlsLoadTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    // Whole handshakes on a busy machine.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Run_KeptConnections_MakeOneHandshakeEach()
    {
        await using var server = new SecureServer();
        using var load = Load(server, anew: false);
        Assert.Equal((20, 0, 0), Counts(Run(load)));
        Assert.Equal((2, 0), (server.Handshakes, server.Others));
    }

    [Fact]
    public async Task Run_AConnectionForEachRequest_MakesAHandshakeForEach()
    {
        await using var server = new SecureServer();
        using var load = Load(server, anew: true);
        Assert.Equal((20, 0, 0), Counts(Run(load)));
        Assert.Equal((20, 0), (server.Handshakes, server.Others));
    }

    [Fact]
    public async Task Run_ServerOfAnOlderVersion_FailsEveryRequest()
    {
        await using var server = new SecureServer(SslProtocols.Tls12);
        using var load = Load(server, anew: true);
        var result = Run(load);
        Assert.Equal((0, 20, 0), Counts(result));
        Assert.StartsWith("The connection broke before the answer: ", result.FirstFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ServerWithoutTls_SaysSo()
    {
        await using var server = new ScriptedServer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", TimeSpan.Zero);
        var refused = Assert.Throws<IOException>(() => new HttpLoad(server.Address, [[]], new ClientStyle(Tls: true)));
        Assert.StartsWith("The TLS handshake failed: ", refused.Message, StringComparison.Ordinal);
    }

    private static HttpLoad Load(SecureServer server, bool anew) =>
        new(server.Address, [.. Enumerable.Repeat(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"), 2)], new ClientStyle(anew, Tls: true));

    private static LoadResult Run(HttpLoad load) => load.Run(Pace.Fixed(100, TimeProvider.System.TimestampFrequency), Short, TestContext.Current.CancellationToken, Grace);

    private static (long Answered, long Failed, long Unanswered) Counts(LoadResult result) => (result.Answered, result.Failed, result.Unanswered);
}
