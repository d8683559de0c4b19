using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>
/// Keys of an OpenID Connect provider. They are kept and asked for again from time to time, and when a token names one that is not known; if the provider does not answer then, those before stay. It
/// is asked by one at a time and not more often than a client that invents names of keys should be able to have it.
/// </summary>
internal sealed class RemoteKeySet(string policy, Uri authority, bool requireHttps, TimeSpan refresh, HttpClient client, TimeProvider clock, AuthenticationSourceMetrics metrics, ILogger logger) : IKeySource, IWatched
{
    /// <summary>Time between two questions because of keys that are not known.</summary>
    internal static readonly TimeSpan UnknownKeyPeriod = TimeSpan.FromSeconds(30);

    /// <summary>Time between two questions that were not answered.</summary>
    internal static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile JwtKeys? _keys;
    private volatile string? _fault;
    private Task? _question;
    private long _asked;

    public string Policy => policy;

    public string? Fault => _fault;

    public ValueTask<JwtKeys?> Get(string? id) =>
        _keys is { } keys && (keys.Has(id) || !MayAsk(UnknownKeyPeriod)) ? new(keys) : GetLater();

    public void Look()
    {
        if (_keys is null || MayAsk(_fault is not null ? RetryPeriod : refresh))
            _ = Ask(RetryPeriod);
    }

    private async ValueTask<JwtKeys?> GetLater()
    {
        await Ask(_keys is null ? RetryPeriod : UnknownKeyPeriod);
        return _keys;
    }

    private bool MayAsk(TimeSpan period) => clock.GetElapsedTime(Volatile.Read(ref _asked)) >= period;

    private Task Ask(TimeSpan period)
    {
        lock (_lock)
        {
            if (_question is { IsCompleted: false })
                return _question;
            if (_question is not null && !MayAsk(period))
                return Task.CompletedTask;
            Volatile.Write(ref _asked, clock.GetTimestamp());
            return _question = Fetch();
        }
    }

    private async Task Fetch()
    {
        try
        {
            using var deadline = new CancellationTokenSource(Longest, clock);
            (_keys, _fault) = (await Fetch(deadline.Token), null);
            metrics.Read(policy, succeeded: true);
            SourceLog.Read(logger, policy);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or FileRefusedException or UriFormatException or IOException)
        {
            metrics.Read(policy, succeeded: false);
            // Once, and not every few seconds for as long as it lasts.
            if (_fault != exception.Message)
                SourceLog.NotRead(logger, policy, exception.Message);
            _fault = exception.Message;
        }
    }

    private async Task<JwtKeys> Fetch(CancellationToken cancellation)
    {
        var discovery = new Uri($"{authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration");
        using var document = JsonDocument.Parse(await client.GetStringAsync(discovery, cancellation));
        var (issuer, place) = (TextOf(document, "issuer"), new Uri(TextOf(document, "jwks_uri")));
        if (requireHttps && place.Scheme != Uri.UriSchemeHttps)
            throw new FileRefusedException("jwks_uri is not https");
        return JwtKeys.Parse(await client.GetStringAsync(place, cancellation), issuer);
    }

    private static string TextOf(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FileRefusedException($"{name} is missing");
}
