using System.Net;
using System.Net.Http.Headers;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>One call through a contestant, by .NET's own client: whether its messages arrive, and after them that it went well, which no load generator looks at.</summary>
internal static class GrpcCall
{
    private const string Status = "grpc-status";

    /// <summary>Makes it.</summary>
    /// <param name="contestant">Through whom.</param>
    /// <param name="certificate">What it shows.</param>
    /// <param name="call">Its body.</param>
    /// <param name="bytes">Length of the body of the answer.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchException">Something else came.</exception>
    public static async Task Check(Contestant contestant, CertificateFiles certificate, byte[] call, int bytes, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = BenchCertificate.Believed(certificate) } });
        using var request = new HttpRequestMessage(HttpMethod.Post, contestant.SecureUrl("/bench.Bench/Call"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(call),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        try
        {
            using var answer = await client.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            var status = answer.TrailingHeaders.TryGetValues(Status, out var values) || answer.Headers.TryGetValues(Status, out values) ? values.First() : "none";
            if (status != "0" || body.Length != bytes)
                throw new BenchException($"{contestant.Name} answered a call with {(int)answer.StatusCode}, {body.Length} bytes where {bytes} were asked for, and {Status} {status}.");
        }
        catch (HttpRequestException exception)
        {
            throw new BenchException($"{contestant.Name} did not answer a call: {exception.Message}", exception);
        }
    }
}
