namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>One way to say who may use routes. Which keys count is by <see cref="Type"/>; others are refused, since nobody writes them for nothing.</summary>
public sealed class AuthenticationPolicyOptions
{
    /// <summary>How clients show who they are. Needed.</summary>
    public AuthenticationType? Type { get; set; }

    /// <summary>Header by which backends are told who it is: the subject of the token, the user, or the name of the certificate. What clients send by this name is removed.</summary>
    /// <value>Default: they are not told.</value>
    public string? ForwardUser { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: address of an OpenID Connect provider, whose keys and issuer are what it says below <c>/.well-known/openid-configuration</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: file with the keys of the issuer, as a JSON Web Key Set (RFC 7517), in the place of an authority.</summary>
    public string? KeySet { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: who must have made the token.</summary>
    /// <value>Default: what the authority says.</value>
    public string? Issuer { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: for whom the token must be; one of these. Needed.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: by how much clocks may differ.</summary>
    /// <value>Default 30 s; 0 to 10 min.</value>
    public TimeSpan? ClockSkew { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: how tokens may be signed.</summary>
    /// <value>Default: by RSA or elliptic curves, with SHA-256 or longer.</value>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: claims that the token must have, each with one of the values, or with any if none is named. A scope is a list of words.</summary>
    public IDictionary<string, string[]> Claims { get; } = new SortedDictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: how long keys of an authority are used before they are asked for again.</summary>
    /// <value>Default 1 h; 1 min to 1 d.</value>
    public TimeSpan? KeySetRefresh { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Jwt"/>: whether the authority must be asked by https.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool? RequireHttps { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Basic"/>: file of users and bcrypt hashes of their passwords, as <c>htpasswd -B</c> writes it. Needed.</summary>
    public string? File { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Basic"/>: what clients are told that the password is for.</summary>
    /// <value>Default: the name of the policy.</value>
    public string? Realm { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Forward"/>: the server that is asked. Needed.</summary>
    public string? Address { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Forward"/>: headers of the request that it is told.</summary>
    /// <value>Default <c>Authorization</c> and <c>Cookie</c>.</value>
    public IList<string> RequestHeaders { get; } = [];

    /// <summary>Of <see cref="AuthenticationType.Forward"/>: headers of its answer that the backend is told. What clients send by these names is removed.</summary>
    public IList<string> AnswerHeaders { get; } = [];

    /// <summary>Of <see cref="AuthenticationType.Forward"/>: how long it may take to answer.</summary>
    /// <value>Default 5 s; 10 ms to 1 min.</value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Forward"/>: whether requests pass while it does not answer, or with a status of 500 or more.</summary>
    /// <value>Default <see langword="false"/>, and they are answered 503.</value>
    public bool? FailOpen { get; set; }

    /// <summary>Of <see cref="AuthenticationType.Forward"/>: how many questions it is asked at once; others wait.</summary>
    /// <value>Default 64; 1 to 10,000.</value>
    public int? MaxConnections { get; set; }

    /// <summary>Of <see cref="AuthenticationType.ClientCertificate"/>: names of which the certificate must have one, as the CN of its subject or as a DNS name.</summary>
    /// <value>Default: any that the front-end has verified will do.</value>
    public IList<string> Names { get; } = [];
}
