using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Frontend.Tests.Protocols;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Calls of one client over one connection, which a balancer of connections would send to one backend.</summary>
public sealed class GrpcOverTlsTests
{
    private const int Backends = 4;
    private const int Calls = 10_000;
    private const int AtOnce = 32;
    private const double Tolerance = 0.05;
    private const int Rounds = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("ClusterLeastRequests")]
    public async Task TenThousandCalls_OverOneConnection_EachBackendHasItsShare(string policy)
    {
        var backends = await Task.WhenAll(Enumerable.Range(1, Backends).Select(static number => Backend.Start($"b{number}", HttpProtocols.Http2)));
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(new FrontendHostOptions { Policy = policy, BackendVersion = HttpVersion.Version20 }, backends);
        using var http = frontend.Client(HttpVersion.Version20);
        using var channel = GrpcChannel.ForAddress("https://example.com", new GrpcChannelOptions { HttpClient = http });
        var client = new Echo.EchoClient(channel);

        // Whoever stands still for a moment gets fewer by least requests, as it should: on a busy machine that may be anybody, but not in each of three rounds.
        int[] shares = [];
        for (var round = 0; round < Rounds && !AreEven(shares); round++)
            shares = await Share(client, backends);
        Assert.True(AreEven(shares), $"In the last of {Rounds} rounds they got {string.Join(", ", shares)}.");
        foreach (var backend in backends)
            await backend.DisposeAsync();
    }

    private static bool AreEven(int[] shares) => shares.Length == Backends && shares.All(static share => Math.Abs(share - (Calls / Backends)) <= Calls / Backends * Tolerance);

    private static async Task<int[]> Share(Echo.EchoClient client, Backend[] backends)
    {
        var before = Array.ConvertAll(backends, static backend => backend.Requests);
        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation }, async (call, cancellation) =>
            Assert.Equal($"{call}", (await client.SayAsync(new Words { Text = $"{call}" }, cancellationToken: cancellation)).Text));
        int[] shares = [.. backends.Zip(before, static (backend, earlier) => backend.Requests - earlier)];
        Assert.Equal(Calls, shares.Sum());
        return shares;
    }
}
