using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Core.Acme;

namespace OrleansLb.Grains.Acme;

/// <summary>Speaks with an authority (RFC 8555, section 6). For one caller at a time.</summary>
internal sealed class AcmeClient : IDisposable
{
    private const string Replay = "Replay-Nonce";
    private const string Unreachable = "unreachable";
    private const string Granted = "ok";
    private const int LongestAnswer = 1 << 20;

    // Authorities refuse nonces that are older than some minutes, and a load balancer in front of one may ask another server: seldom twice in a row.
    private const int MostNonces = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue Signed = new("application/jose+json");

    private readonly HttpClient _http;
    private readonly AcmeMetrics _metrics;
    private readonly TimeProvider _clock;
    private (Uri Address, AcmeDirectory Directory)? _directory;
    private string? _nonce;

    public AcmeClient(IOptions<AcmeClientOptions> options, AcmeMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
    {
        (_metrics, _clock) = (metrics, clock);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectPatience, PooledConnectionLifetime = TimeSpan.FromMinutes(1) };
        if (options.Value.Authorities is { } authorities)
            handler.SslOptions.CertificateChainPolicy = Trust(ReadAuthorities(authorities));
        _http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LongestAnswer };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("OrleansLb", null));
        _http.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
    }

    /// <summary>Where the authority does what.</summary>
    /// <param name="address">Where it says so.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AcmeDirectory> Directory(Uri address, CancellationToken cancellationToken)
    {
        if (_directory is { } known && known.Address == address)
            return known.Directory;
        using var answer = await Send(HttpMethod.Get, address, content: null, cancellationToken);
        var directory = AcmeJson.Read(await Granting(answer, cancellationToken), AcmeJson.Default.AcmeDirectory);
        (_directory, _nonce) = ((address, directory), null);
        return directory;
    }

    /// <summary>Asks for something.</summary>
    /// <param name="account">Who asks.</param>
    /// <param name="url">Where.</param>
    /// <param name="payload">What it says.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeRefusedException">The authority refused it.</exception>
    public Task<AcmeReply> Post<T>(AcmeAccount account, Uri url, T payload, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Post(account, url, JsonSerializer.SerializeToUtf8Bytes(payload, type), cancellationToken);

    /// <summary>Reads a document.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="url">Where it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeRefusedException">The authority refused it.</exception>
    public Task<AcmeReply> Read(AcmeAccount account, Uri url, CancellationToken cancellationToken) => Post(account, url, [], cancellationToken);

    /// <summary>Has the authority look for the answer to a challenge.</summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="url">The challenge.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcmeRefusedException">The authority refused it.</exception>
    public Task<AcmeReply> Answer(AcmeAccount account, Uri url, CancellationToken cancellationToken) => Post(account, url, "{}"u8.ToArray(), cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>Reads whom to believe.</summary>
    /// <param name="path">A PEM file.</param>
    /// <exception cref="InvalidDataException">It has no certificate.</exception>
    internal static X509Certificate2Collection ReadAuthorities(string path)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        return found.Count > 0 ? found : throw new InvalidDataException($"there is no certificate in {path}");
    }

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private async Task<AcmeReply> Post(AcmeAccount account, Uri url, byte[] payload, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var body = new ByteArrayContent(SignedRequest.Sign(account.Key, account.Address, await Nonce(cancellationToken), url, payload)) { Headers = { ContentType = Signed } };
            using var answer = await Send(HttpMethod.Post, url, body, cancellationToken);
            try
            {
                return new AcmeReply(await Granting(answer, cancellationToken), answer.Headers.Location, RetryAfter(answer));
            }
            catch (AcmeRefusedException refusal) when (refusal.Problem.Kind == AcmeProblem.BadNonce && attempt < MostNonces)
            {
                // Its answer brought another one.
                continue;
            }
        }
    }

    private async Task<string> Nonce(CancellationToken cancellationToken)
    {
        if (_nonce is null)
        {
            var directory = _directory?.Directory ?? throw new InvalidOperationException("The authority's directory was not read.");
            using var answer = await Send(HttpMethod.Head, directory.NewNonce, content: null, cancellationToken);
            await Granting(answer, cancellationToken);
        }

        var nonce = _nonce ?? throw new InvalidDataException($"The authority gave no {Replay}.");
        _nonce = null;
        return nonce;
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, Uri url, HttpContent? content, CancellationToken cancellationToken)
    {
        if (!url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttps)
            throw new InvalidDataException($"The authority names '{url}', which is no address of https.");
        using var request = new HttpRequestMessage(method, url) { Content = content };
        try
        {
            var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues(Replay, out var nonces))
                _nonce = nonces.First();
            return answer;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // It may have moved.
            _directory = null;
            _metrics.Asked(Unreachable);
            throw;
        }
    }

    private async Task<byte[]> Granting(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var problem = answer.IsSuccessStatusCode ? null : ProblemOf(answer, body);
        _metrics.Asked(problem?.Kind ?? Granted);
        return problem is null ? body : throw new AcmeRefusedException(problem, RetryAfter(answer), isPassing: answer.StatusCode >= HttpStatusCode.InternalServerError);
    }

    private static AcmeProblem ProblemOf(HttpResponseMessage answer, byte[] body)
    {
        var unexplained = new AcmeProblem(Detail: FormattableString.Invariant($"the authority answered {(int)answer.StatusCode}"));
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return unexplained;
        try
        {
            return AcmeJson.Read(body, AcmeJson.Default.AcmeProblem);
        }
        catch (InvalidDataException)
        {
            return unexplained;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } time } => time,
        { Date: { } date } when date > _clock.GetUtcNow() => date - _clock.GetUtcNow(),
        _ => null,
    };
}
