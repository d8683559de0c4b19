using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansLb.Hosting.Authentication;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Believes tokens that an issuer has signed.</summary>
internal sealed class JwtAuthenticator(AuthenticationPolicyOptions policy, IKeySource keys, TimeProvider clock) : IAuthenticator
{
    /// <summary>Longest token that is read.</summary>
    internal const int Longest = 8 * 1024;

    private const string Scheme = "Bearer";

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };
    private readonly IList<string> _algorithms = JwtChecks.AlgorithmsOf(policy);
    private readonly RequiredClaims _claims = new(policy.Claims);
    private volatile JwtChecks? _checks;

    public IReadOnlyList<string> Fields => [];

    public ValueTask<Verdict> Authenticate(HttpContext context)
    {
        var refusal = Credentials.Find(context.Request.Headers.Authorization, Scheme, out var text) ? null : JwtFaults.Missing;
        if (text.Length > Longest)
            refusal = JwtFaults.TooLong;
        return refusal is null && TryRead(text, out var token, out refusal) ? Check(token) : new(Verdict.Refuse(refusal!));
    }

    private bool TryRead(string text, out JsonWebToken token, out Refusal? refusal)
    {
        (token, refusal) = (null!, JwtFaults.Malformed);
        try
        {
            // Three parts: what is encrypted is for nobody here.
            if (text.AsSpan().Count('.') != 2)
                return false;
            token = new JsonWebToken(text);
            // What a token says that its reader must understand, we do not (RFC 7515, section 4.1.11).
            if (token.TryGetHeaderValue<object>("crit", out _))
                return false;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or FormatException or System.Text.Json.JsonException)
        {
            return false;
        }

        if (_algorithms.Contains(token.Alg))
            return true;
        refusal = JwtFaults.Algorithm;
        return false;
    }

    private async ValueTask<Verdict> Check(JsonWebToken token)
    {
        if (await keys.Get(token.Kid) is not { } present)
            return Verdict.Refuse(JwtFaults.Unavailable);
        var result = await _handler.ValidateTokenAsync(token, ChecksOf(present).Parameters);
        if (!result.IsValid)
            return Verdict.Refuse(JwtFaults.Of(result.Exception));
        var identity = result.ClaimsIdentity;
        return _claims.AreIn(identity) ? Verdict.Accept(new ClaimsPrincipal(identity), identity.FindFirst("sub")?.Value) : Verdict.Refuse(JwtFaults.Claim);
    }

    private JwtChecks ChecksOf(JwtKeys present) => _checks is { } checks && ReferenceEquals(checks.Keys, present) ? checks : _checks = new JwtChecks(present, policy, clock);
}
