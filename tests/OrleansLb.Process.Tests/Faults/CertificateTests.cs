using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Networks;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>F12: a certificate that is about to expire, one that does not belong to its key, and new ones while clients come.</summary>
[Collection(NetworkCollection.Name)]
public sealed partial class CertificateTests(NetworkCluster cluster) : IDisposable
{
    private const string Row = "F12";
    private const string Host = "example.com";
    private const int Rotations = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-tls");
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ExpiringMismatchedAndNewCertificates_AreSaidRefusedAndTaken_WithoutAFailedHandshake()
    {
        var old = _authority.Server(DateTimeOffset.UtcNow.AddDays(-80), DateTimeOffset.UtcNow.AddDays(5), Host);
        Write(old);
        var port = Ports.Next();
        var frontend = await cluster.AddFrontend("fe-tls", place => place with { Launcher = ["env", .. Settings(place.Address, port)] });
        await cluster.IsWhole();
        var clients = new TlsClient(new IPEndPoint(IPAddress.Parse(frontend.Address.Host), port), _authority);
        await AssertSaysThatItExpires(frontend);
        using var over = new CancellationTokenSource();
        var failures = new ConcurrentQueue<Exception>();
        var load = Enumerable.Range(0, 4).Select(number => AskUntil(clients, isKept: number % 2 == 0, failures, over.Token)).ToArray();

        Replace("site.key", _authority.Server(Host).KeyPem);
        await Eventually.Holds("the key of another certificate is refused", Patience, async () => await Metrics(frontend) is { } metrics && RefusedLine().IsMatch(metrics), () => frontend.Output);
        Assert.Equal(old.Serial, (await clients.Handshake(Host, cancellation: Cancellation)).Serial);
        var longest = TimeSpan.Zero;
        for (var rotation = 0; rotation < Rotations; rotation++)
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, (await Rotate(clients)).Ticks));

        await over.CancelAsync();
        var requests = (await Task.WhenAll(load)).Sum();
        FaultFigures.Say(Row, "a certificate expires in five days", "the log, the metric and the readiness detail say so", "yes", "at 30, 14, 7 and 1 days");
        FaultFigures.Say(Row, "the key of another certificate", "the certificate before stays", "yes", "yes");
        FaultFigures.Say(Row, $"{Rotations} new certificates under load", "failed handshakes and requests", $"{failures.Count} of {requests}", "0", "0");
        FaultFigures.Say(Row, $"{Rotations} new certificates under load", "longest until the new one is shown", Seen.Seconds(longest), "-", "1 to 1.5 s");
        Assert.True(failures.IsEmpty, $"{failures.Count} of {requests} failed, first: {failures.FirstOrDefault()}\n{frontend.Output}");
        Assert.NotEqual(0, requests);
        await cluster.Remove(frontend);
        await cluster.IsWhole();
    }

    private async Task AssertSaysThatItExpires(FrontendProcess frontend)
    {
        Assert.Contains("Certificate site expires in less than 7 days", frontend.Output, StringComparison.Ordinal);
        var left = double.Parse(ExpiryLine().Match(await Metrics(frontend) ?? "").Groups["seconds"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(TimeSpan.FromSeconds(left).TotalDays, 4.9, 5);
        Assert.Contains("site is the first to expire", await cluster.Processes.TryGet(new Uri(frontend.Status, "/readyz?verbose")) ?? "", StringComparison.Ordinal);
    }

    private async Task<TimeSpan> Rotate(TlsClient clients)
    {
        var next = _authority.Server(Host);
        Write(next);
        var written = Stopwatch.GetTimestamp();
        await Eventually.Holds("the new certificate is shown", Patience, async () => (await clients.Handshake(Host, cancellation: Cancellation)).Serial == next.Serial);
        return Stopwatch.GetElapsedTime(written);
    }

    /// <summary>Asks again and again, over one connection or a new one each time, and returns how often.</summary>
    private static async Task<int> AskUntil(TlsClient clients, bool isKept, ConcurrentQueue<Exception> failures, CancellationToken over)
    {
        var (asked, client) = (0, clients.Http());
        for (; !over.IsCancellationRequested; asked++)
        {
            try
            {
                Assert.NotEmpty(await client.GetStringAsync($"https://{Host}/", Cancellation));
            }
            catch (HttpRequestException exception)
            {
                failures.Enqueue(exception);
            }

            if (isKept)
                continue;
            client.Dispose();
            client = clients.Http();
        }

        client.Dispose();
        return asked;
    }

    private Task<string?> Metrics(FrontendProcess frontend) => cluster.Processes.TryGet(new Uri(frontend.Status, "/metrics"));

    private IEnumerable<string> Settings(string address, int port) =>
    [
        $"OrleansLb__Frontend__Urls=https://{address}:{port}",
        $"OrleansLb__Frontend__Tls__Certificates__site__Certificate={PathOf("site.pem")}",
        $"OrleansLb__Frontend__Tls__Certificates__site__Key={PathOf("site.key")}",
    ];

    private void Write(IssuedCertificate certificate)
    {
        Replace("site.pem", certificate.ChainPem);
        Replace("site.key", certificate.KeyPem);
    }

    /// <summary>By a rename, as tools do.</summary>
    private void Replace(string file, string content)
    {
        File.WriteAllText(PathOf(file + ".new"), content);
        File.Move(PathOf(file + ".new"), PathOf(file), overwrite: true);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    [GeneratedRegex("""^orleanslb_tls_certificate_expiry\S*\{certificate="site"\S*\} (?<seconds>\S+)""", RegexOptions.Multiline)]
    private static partial Regex ExpiryLine();

    [GeneratedRegex("""^orleanslb_tls_certificate_reads\S*\{\S*result="failed"\S*\} [1-9]""", RegexOptions.Multiline)]
    private static partial Regex RefusedLine();
}
