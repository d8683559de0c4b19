using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Tracing;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>The policies of this front-end by their names.</summary>
internal sealed class AuthenticationPolicies : IDisposable
{
    private readonly FrozenDictionary<string, AuthenticationPolicy> _policies;
    private readonly List<IWatched> _watched = [];
    private readonly List<IDisposable> _clients = [];
    private readonly HashingGate _gate = new();
    private readonly TimeProvider _clock;
    private readonly AuthenticationSourceMetrics _metrics;
    private readonly ILogger _logger;

    public AuthenticationPolicies(IOptions<EdgeAuthenticationOptions> options, AuthenticationSourceMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<AuthenticationPolicies> logger)
    {
        (_metrics, _clock, _logger) = (metrics, clock, logger);
        _policies = options.Value.Policies.ToFrozenDictionary(
            static policy => policy.Key, policy => new AuthenticationPolicy(Authenticator(policy.Key, policy.Value), policy.Value.ForwardUser), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What policies go by and that changes.</summary>
    public IReadOnlyList<IWatched> Watched => _watched;

    /// <summary>A policy that is known to be there.</summary>
    public AuthenticationPolicy this[string name] => _policies[name];

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        _gate.Dispose();
    }

    private IAuthenticator Authenticator(string name, AuthenticationPolicyOptions policy) => policy.Type switch
    {
        AuthenticationType.Jwt => new JwtAuthenticator(policy, Keys(name, policy), _clock),
        AuthenticationType.Basic => new BasicAuthenticator(policy.Realm ?? name, Watch(name, policy.File!, Book)),
        AuthenticationType.Forward => new ForwardAuthenticator(name, policy, Kept(ForwardClient(policy)), _clock, _logger),
        _ => new CertificateAuthenticator(policy),
    };

    private PasswordBook Book(string path) => new(PasswordFile.Read(path), _gate, _clock);

    private IKeySource Keys(string name, AuthenticationPolicyOptions policy)
    {
        if (policy.KeySet is { } file)
            return new KeySetFile(Watch(name, file, KeySetFile.Read));
        var source = new RemoteKeySet(name, new Uri(policy.Authority!), policy.RequireHttps ?? true, policy.KeySetRefresh ?? JwtRules.DefaultRefresh, Kept(KeySetClient()), _clock, _metrics, _logger);
        _watched.Add(source);
        return source;
    }

    private WatchedFile<T> Watch<T>(string name, string path, Func<string, T> read)
        where T : class
    {
        var file = new WatchedFile<T>(name, path, read, _metrics, _logger);
        _watched.Add(file);
        return file;
    }

    private T Kept<T>(T client)
        where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }

    private static HttpClient KeySetClient()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 2, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        return new HttpClient(handler) { MaxResponseContentBufferSize = 1 << 20 };
    }

    private static HttpMessageInvoker ForwardClient(AuthenticationPolicyOptions policy) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxConnectionsPerServer = policy.MaxConnections ?? ForwardRules.DefaultConnections,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ActivityHeadersPropagator = BackendPropagator.Instance,
    });
}
